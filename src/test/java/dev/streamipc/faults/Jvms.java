package dev.streamipc.faults;

import dev.streamipc.process.Child;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Commands that start JVMs with the classes of this one, fast: the folders of its class path are packed into one jar,
 * as an archive of loaded classes can't be made of folders.
 */
final class Jvms {

    private static final Duration DUMP_LIMIT = Duration.ofSeconds(60);

    private final String classPath;
    private final Path archive;

    private Jvms(Path folder) throws IOException {
        classPath = packed(entries(), folder.resolve("classes.jar"));
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

    /** A class path may be a single jar that names the others in its manifest. */
    private static List<Path> entries() throws IOException {
        List<Path> entries = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        if (entries.size() > 1) {
            return entries;
        }
        try (JarFile jar = new JarFile(entries.get(0).toFile())) {
            URI base = entries.get(0).toUri();
            String named = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return Arrays.stream(named.split(" "))
                    .map(base::resolve)
                    .map(Path::of)
                    .toList();
        }
    }

    private static String packed(List<Path> entries, Path target) throws IOException {
        List<String> path = new ArrayList<>(List.of(target.toString()));
        List<String> seen = new ArrayList<>();
        try (OutputStream file = Files.newOutputStream(target);
                JarOutputStream jar = new JarOutputStream(file)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry)) {
                    pack(entry, jar, seen);
                } else if (Files.exists(entry)) {
                    path.add(entry.toString());
                }
            }
        }
        return String.join(File.pathSeparator, path);
    }

    private static void pack(Path folder, JarOutputStream jar, List<String> seen) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            List<Path> files = tree.filter(Files::isRegularFile).toList();
            for (Path file : files) {
                String name = folder.relativize(file).toString();
                if (name.matches("(dev/.*\\.class|.*\\.properties)") && !seen.contains(name)) {
                    seen.add(name);
                    jar.putNextEntry(new JarEntry(name));
                    Files.copy(file, jar);
                }
            }
        }
    }
}
