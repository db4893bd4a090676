package dev.streamipc.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes an archive out of a list of classes, in JVMs of its own that run at the lowest priority. They load classes and run
 * none of their code.
 */
final class ArchiveMaker {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String LOG_FILE = "log";
    private static final String WORDS_FILE = "words";
    private static final List<String> NICE = List.of("-n", "19");

    private final Path workshop;
    private final List<String> quiet;
    // the process that runs now; null once nothing may run any more
    private final AtomicReference<@Nullable Running> state = new AtomicReference<>(Running.NOTHING);

    private record Running(@Nullable Process process) {
        static final Running NOTHING = new Running(null);

        void end() {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    /**
     * Makes one that has done nothing yet.
     *
     * @param workshop an empty folder
     * @param quiet the options that keep a JVM silent about its archive; an archive whose JVM does not know them is none
     */
    ArchiveMaker(Path workshop, List<String> quiet) {
        this.workshop = workshop;
        this.quiet = quiet;
    }

    /** Where the list of classes has to be; a last line that is cut short is left out. */
    Path list() {
        return workshop.resolve("list");
    }

    /**
     * Makes the archive and its facts. Takes a second or two; after that nothing but the two is in the folder.
     *
     * @throws IOException if there can be none
     */
    void make(ArchiveKey key) throws IOException, InterruptedException {
        List<FileStamp> before = ClassPathFiles.all(key.classPath());
        Path archive = workshop.resolve(ArchiveFacts.ARCHIVE);
        cutToLines(list());
        String file = "-XX:SharedArchiveFile=" + archive;
        run(key, List.of("-Xshare:dump", "-XX:SharedClassListFile=" + list(), file));
        List<String> trial = new ArrayList<>(List.of("-Xshare:on", file));
        trial.addAll(quiet);
        run(key, with(trial, "-version"));
        ArchiveFacts facts = ArchiveFacts.of(archive, before, key);
        facts.requireCurrent(key);
        Path written = Files.write(workshop.resolve(ArchiveFacts.NAME), facts.lines());
        for (String needless : List.of(list().getFileName().toString(), LOG_FILE, WORDS_FILE)) {
            Files.deleteIfExists(workshop.resolve(needless));
        }
        ArchiveStore.force(archive, StandardOpenOption.READ);
        ArchiveStore.force(written, StandardOpenOption.READ);
        ArchiveStore.force(workshop, StandardOpenOption.READ);
    }

    /** Ends what runs; nothing is started after that. For any thread. */
    void abandon() {
        Running last = state.getAndSet(null);
        if (last != null) {
            last.end();
        }
    }

    /** The child may still write. */
    private static void cutToLines(Path list) throws IOException {
        String text = Files.readString(list);
        Files.delete(list);
        Files.writeString(list, text.substring(0, text.lastIndexOf('\n') + 1));
    }

    /** The class path may be longer than a command. */
    private void run(ArchiveKey key, List<String> words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(words.subList(0, words.size() - 1));
        all.addAll(key.words());
        all.add(words.get(words.size() - 1));
        Path file =
                Files.write(workshop.resolve(WORDS_FILE), ArgFile.content(all).getBytes(WordEncoding.CHARSET));
        List<String> command = new ArrayList<>();
        SearchPath.ofThisJvm().first("nice").ifPresent(nice -> {
            command.add(nice.toString());
            command.addAll(NICE);
        });
        command.add(JavaCommand.executable());
        command.add("@" + file);
        Process process = start(command);
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("a JVM failed to do it, words=" + words + ", said=" + said());
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(workshop.resolve(LOG_FILE).toFile())
                .redirectInput(Redirect.PIPE);
        builder.environment().keySet().removeAll(JavaCommand.OPTION_VARIABLES);
        builder.environment().remove(Invitation.VARIABLE);
        Process process = Descriptors.spend(command, builder::start);
        Running running = new Running(process);
        if (state.getAndUpdate(last -> last == null ? null : running) == null) {
            running.end();
        }
        process.getOutputStream().close();
        return process;
    }

    private String said() throws IOException {
        List<String> lines = Files.readAllLines(workshop.resolve(LOG_FILE));
        return lines.isEmpty() ? "nothing" : lines.get(lines.size() - 1);
    }

    private static List<String> with(List<String> words, String last) {
        List<String> all = new ArrayList<>(words);
        all.add(last);
        return all;
    }
}
