package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A folder of class archives, and children that use it. */
record Archives(Path folder) {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration PAUSE = Duration.ofMillis(10);

    Child child() {
        return Child.java(EchoMain.class).arguments("x").classArchive(folder);
    }

    /** Runs a child to its end; returns where the JVM found its main class. */
    String sourceOfMain() throws Exception {
        Path log = Files.createTempFile("classes", ".log");
        try {
            // where files rotate, the JVM moves the empty one aside and leaves it there
            run(child().jvmOptions("-Xlog:class+load=info:file=" + log + "::filecount=0"));
            return Files.readAllLines(log).stream()
                    .filter(line -> line.contains(EchoMain.class.getName() + " source: "))
                    .findFirst()
                    .orElse("not loaded");
        } finally {
            Files.delete(log);
        }
    }

    boolean servesAChild() throws Exception {
        return sourceOfMain().contains("shared objects file");
    }

    /** Runs a child that has to do its work and say nothing else; returns its words. */
    List<String> run(Child child) throws Exception {
        ChildProcess process = ChildProcess.start(child);
        String out = Children.rest(process);
        process.exited().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        List<String> stderr = process.report(0, 0).lastStderr();
        process.stop(Duration.ZERO);
        assertTrue(out.equals("x=null\n") && stderr.isEmpty(), () -> out + stderr);
        return process.command();
    }

    boolean trains(Child child) throws Exception {
        return run(child).stream().anyMatch(word -> word.startsWith("-XX:DumpLoadedClassList="));
    }

    /** Has an archive made. */
    Path made() throws Exception {
        assertTrue(trains(child()), "is made by the first child");
        return awaitArchive();
    }

    Path awaitArchive() {
        awaitEnd();
        List<Path> archives = names().stream()
                .filter(name -> name.matches("[0-9a-f]{16}"))
                .map(name -> folder.resolve(name).resolve(ArchiveFacts.ARCHIVE))
                .toList();
        assertTrue(archives.size() == 1 && Files.exists(archives.get(0)), () -> "one archive: " + names());
        return archives.get(0);
    }

    /** Waits until nothing is made any more. */
    void awaitEnd() {
        long since = System.nanoTime();
        while (isBusy() && System.nanoTime() - since < PATIENCE.toNanos()) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        assertFalse(isBusy(), "nothing is made any more");
    }

    private boolean isBusy() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("streamipc-archive"));
    }

    List<String> names() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
