package dev.streamipc.sample.dispatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that is gone when it is closed, or when this JVM is ended. */
final class TempFolder implements AutoCloseable {

    private final Path path;
    private final Thread atExit = new Thread(this::deleteQuietly, "temp-folder");

    TempFolder() throws IOException {
        path = Files.createTempDirectory("streamipc-pictures-");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    Path path() {
        return path;
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

    private void deleteQuietly() {
        try {
            delete();
        } catch (IOException left) {
            System.err.println("run: not deleted: " + path + ", cause=" + left);
        }
    }

    @Override
    public void close() throws IOException {
        delete();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
