package dev.streamipc.faults;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The folders of sockets and shared memory, wherever they are made. */
final class Homes {

    private static final List<Path> PARENTS =
            List.of(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")));

    private Homes() {}

    /** Returns those without a lock, which no sweep would ever remove, however dead their owner is. */
    static List<Path> unowned() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path parent : PARENTS) {
            if (Files.isDirectory(parent)) {
                try (DirectoryStream<Path> homes = Files.newDirectoryStream(parent, "streamipc-socket-*")) {
                    homes.forEach(found::add);
                }
            }
        }
        found.removeIf(home -> Files.exists(home.resolve("owner")) || !Files.exists(home));
        return found;
    }
}
