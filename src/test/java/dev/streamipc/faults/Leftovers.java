package dev.streamipc.faults;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** What there is of ours: threads, processes, descriptors, temporary files. */
record Leftovers(Set<Thread> threads, Set<Long> processes, Set<String> descriptors, Set<Path> files) {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    static Leftovers now() throws IOException {
        // the first of a JVM has it open a socket of its own, which it keeps
        SocketChannel.open(StandardProtocolFamily.UNIX).close();
        Set<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("streamipc-"))
                .filter(thread -> !thread.getName().equals("streamipc-timer"))
                .filter(thread -> !isSpare(thread))
                .collect(Collectors.toSet());
        Set<String> open = new TreeSet<>(Linux.open());
        open.addAll(mapped());
        return new Leftovers(
                threads, Linux.processesWith(Launchpad.MARK_NAME + "=" + Launchpad.MARK), open, TempFilesLook.live());
    }

    /** The memory of a closed channel comes back with a garbage collection. */
    private static List<String> mapped() throws IOException {
        if (!Linux.mapped().isEmpty()) {
            System.gc();
        }
        return Linux.mapped();
    }

    /** Threads of supervisors belong to all of this JVM; one that has nothing to do is kept for a while. */
    private static boolean isSpare(Thread thread) {
        return thread.getName().startsWith("streamipc-supervise-")
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("getTask"));
    }

    /** Returns what is there and was not, in words; waits for a while until there is nothing. */
    List<String> left() throws IOException {
        long since = System.nanoTime();
        List<String> more = more();
        while (!more.isEmpty() && System.nanoTime() - since < LIMIT_NANOS) {
            LockSupport.parkNanos(5_000_000);
            more = more();
        }
        return more;
    }

    /** Returns what is there now and was not. */
    List<String> more() throws IOException {
        Leftovers now = now();
        List<String> more = new ArrayList<>();
        without(now.threads, threads).forEach(thread -> more.add("thread left: " + thread.getName()));
        without(now.processes, processes).forEach(pid -> more.add("process left: pid=" + pid));
        without(now.descriptors, descriptors).forEach(open -> more.add("descriptor left: " + open));
        without(now.files, files).forEach(file -> more.add("temporary file left: " + file));
        return more;
    }

    private static <T> Set<T> without(Set<T> all, Set<T> some) {
        Set<T> rest = new HashSet<>(all);
        rest.removeAll(some);
        return rest;
    }
}
