package dev.streamipc.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Prints what its file descriptors lead to. */
final class OpenDescriptorsMain {

    private OpenDescriptorsMain() {}

    public static void main(String[] arguments) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            List<Path> all = descriptors.toList();
            for (Path each : all) {
                System.out.println(Files.readSymbolicLink(each));
            }
        }
    }
}
