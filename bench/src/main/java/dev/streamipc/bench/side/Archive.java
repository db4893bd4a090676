package dev.streamipc.bench.side;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A folder for class archives, empty at first: what is in use is made by this run, of these jars. */
record Archive(Path folder) {

    private static final long LOOK_NANOS = 1_000_000;
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    static Archive emptied(String folder) throws IOException {
        Path path = Path.of(folder);
        if (Files.isDirectory(path)) {
            try (Stream<Path> all = Files.walk(path)) {
                List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
                for (Path each : deepestFirst) {
                    Files.delete(each);
                }
            }
        }
        return new Archive(path);
    }

    /** Waits until there is one, which the first child of all makes when it ends. Without it a plain start would be measured. */
    void await() throws IOException {
        long start = System.nanoTime();
        while (!isMade()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new IllegalStateException("no class archive was made, folder=" + folder);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private boolean isMade() throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> made = Files.newDirectoryStream(folder, "[0-9a-f]*[0-9a-f]")) {
            return made.iterator().hasNext();
        }
    }
}
