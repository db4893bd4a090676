package dev.streamipc.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** How many processes the kernel has killed for lack of memory in this JVM's control group (cgroup v2). */
final class OutOfMemoryKills {

    private static final Path MEMBERSHIP = Path.of("/proc/self/cgroup");
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final String KEY = "oom_kill ";

    private OutOfMemoryKills() {}

    /** Returns the count, empty where there is none. */
    static OptionalLong count() {
        try {
            return Files.isReadable(MEMBERSHIP) ? count(Files.readAllLines(MEMBERSHIP), ROOT) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** In a container the path of the group is often hidden, and the group is the root that can be seen. */
    static OptionalLong count(List<String> membership, Path root) throws IOException {
        Path group = membership.stream()
                .filter(line -> line.startsWith("0::/"))
                .map(line -> root.resolve(line.substring("0::/".length())))
                .findFirst()
                .orElse(root);
        Path own = group.resolve("memory.events");
        Path events = Files.isReadable(own) ? own : root.resolve("memory.events");
        if (!Files.isReadable(events)) {
            return OptionalLong.empty();
        }
        try (Stream<String> lines = Files.lines(events)) {
            return lines.filter(line -> line.startsWith(KEY))
                    .mapToLong(
                            line -> Long.parseLong(line.substring(KEY.length()).strip()))
                    .findFirst();
        }
    }
}
