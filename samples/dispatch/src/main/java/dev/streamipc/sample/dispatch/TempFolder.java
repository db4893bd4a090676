package dev.streamipc.sample.dispatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A folder that is gone when it is closed, or when this JVM is ended, unless it is to be kept. */
final class TempFolder implements AutoCloseable {

    private static final int EXIT_SECONDS = 3;

    private final Path path;
    private final Thread atExit = new Thread(this::deleteAtExit, "temp-folder");
    private boolean isKept;

    TempFolder(String prefix) throws IOException {
        path = Files.createTempDirectory(prefix);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    Path path() {
        return path;
    }

    /** Leaves it where it is. */
    void keep() {
        isKept = true;
    }

    private void delete() throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(path)) {
            all = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.deleteIfExists(each);
        }
    }

    /** Lets the workers end first: they write into it, and one may make it again. */
    private void deleteAtExit() {
        ProcessHandle.current()
                .children()
                .map(ProcessHandle::onExit)
                .toList()
                .forEach(exit -> exit.completeOnTimeout(ProcessHandle.current(), EXIT_SECONDS, TimeUnit.SECONDS)
                        .join());
        try {
            delete();
        } catch (IOException left) {
            System.err.println("run: not deleted: " + path + ", cause=" + left);
        }
    }

    @Override
    public void close() throws IOException {
        if (!isKept) {
            delete();
        }
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
