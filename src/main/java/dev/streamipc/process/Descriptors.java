package dev.streamipc.process;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.streamipc.message.StartFailed;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * How many file descriptors this JVM has open, and how many it may have. When it runs out inside {@code
 * ProcessBuilder.start}, the JDK closes two numbers that it never initialised, and hits strangers.
 */
record Descriptors(long open, long max) {

    static final int HEADROOM = 64;

    /** Six ends of pipes, and four while the JDK hands the words over; three of them stay. */
    private static final int ONE_START = 10;

    private static final AtomicInteger STARTS = new AtomicInteger();

    private static final Path OPEN = Path.of("/proc/self/fd");
    private static final Path LIMITS = Path.of("/proc/self/limits");

    /** What starts a process, and takes descriptors for it. */
    interface Start {
        Process run() throws IOException;
    }

    /** Starts a process if there is room for it beside all other starts that are under way now. */
    static Process spend(List<String> command, Start start) throws IOException {
        int others = STARTS.getAndIncrement();
        try {
            requireHeadroom(command, others);
            return start.run();
        } finally {
            STARTS.getAndDecrement();
        }
    }

    static int startsUnderWay() {
        return STARTS.get();
    }

    /** Throws if there is no room for a start, and does nothing where the system does not tell. */
    static void requireHeadroom(List<String> command) {
        requireHeadroom(command, STARTS.get());
    }

    private static void requireHeadroom(List<String> command, int otherStarts) {
        try {
            now().ifPresent(now -> now.requireRoom(command, otherStarts));
        } catch (IOException e) {
            // Counting takes a descriptor itself.
            throw new StartFailed("file descriptors can't be counted; perhaps none is left", command, null, e);
        }
    }

    static Optional<Descriptors> now() throws IOException {
        return Files.isReadable(LIMITS) ? Optional.of(fromProc()) : fromBean();
    }

    void requireRoom(List<String> command, int otherStarts) {
        int needed = HEADROOM + otherStarts * ONE_START;
        if (max - open < needed) {
            throw new StartFailed(
                    "too few file descriptors are left, open=" + open + ", max=" + max + ", needed=" + needed
                            + "; raise the limit (ulimit -n) or close some",
                    command,
                    null,
                    null);
        }
    }

    /** Some 0.1 ms; the bean costs 30 ms on its first use. */
    private static Descriptors fromProc() throws IOException {
        try (Stream<Path> open = Files.list(OPEN);
                Stream<String> limits = Files.lines(LIMITS)) {
            String line = limits.filter(each -> each.startsWith("Max open files"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no open files in " + LIMITS));
            String soft = line.substring("Max open files".length()).strip().split(" +")[0];
            return new Descriptors(open.count(), soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft));
        }
    }

    private static Optional<Descriptors> fromBean() {
        try {
            return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean bean
                    ? Optional.of(new Descriptors(bean.getOpenFileDescriptorCount(), bean.getMaxFileDescriptorCount()))
                    : Optional.empty();
        } catch (NoClassDefFoundError e) {
            // A run-time image without the module jdk.management.
            return Optional.empty();
        }
    }
}
