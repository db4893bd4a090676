package dev.streamipc.faults;

import dev.streamipc.process.Child;
import dev.streamipc.process.PackedClassPath;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Commands that start JVMs with the classes of this one, fast: the folders of its class path are packed into one jar,
 * as an archive of loaded classes can't be made of folders.
 */
final class Jvms {

    private static final String OURS = "(dev/.*\\.class|.*\\.properties)";
    private static final Duration DUMP_LIMIT = Duration.ofSeconds(60);

    private final String classPath;
    private final Path archive;

    private Jvms(Path folder) throws IOException {
        classPath = PackedClassPath.packed(folder.resolve("classes.jar"), name -> name.matches(OURS)).stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        archive = folder.resolve("classes.jsa");
        rehearse(Files.createDirectory(folder.resolve("rehearsal")));
    }

    /** Has a child do what the others will do, and end in peace: what it has loaded is then in the archive. */
    private void rehearse(Path folder) {
        List<String> words =
                command(Rehearsal.class, List.of("-XX:ArchiveClassesAtExit=" + archive), folder.toString());
        try (IpcPeer peer =
                IpcPeer.builder().messages(Calls.ALL).closeLimit(DUMP_LIMIT).build()) {
            IpcSession session =
                    peer.spawn(Child.command(words).name("rehearsal").startLimit(DUMP_LIMIT));
            session.notify(new Calls.Note(0, ""));
            session.call(new Calls.Work(1, "echo", "fill"));
        }
        if (!Files.exists(archive)) {
            throw new IllegalStateException("no class archive: its words were " + words);
        }
    }

    /** Packs and archives into a folder; takes a second or two. */
    static Jvms in(Path folder) {
        try {
            return new Jvms(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the words that run a main class; more options win over ours. */
    List<String> command(Class<?> main, List<String> options, String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-XX:+DisplayVMOutputToStderr", "-Xlog:disable", "-Xlog:all=error:stderr"));
        words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-Dfile.encoding=UTF-8"));
        if (archive != null && Files.exists(archive)) {
            words.add("-XX:SharedArchiveFile=" + archive);
        }
        words.addAll(options);
        words.addAll(List.of("-cp", classPath, main.getName()));
        words.addAll(List.of(arguments));
        return words;
    }
}
