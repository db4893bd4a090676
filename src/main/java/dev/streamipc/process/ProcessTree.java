package dev.streamipc.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A child and every descendant seen so far. Signals go through process handles alone: a handle carries its process's
 * start time, so a number that was given to a stranger is never hit. A descendant whose parent ended before the first
 * look can't be found. Safe for all threads.
 */
final class ProcessTree {

    private static final long POLL_MILLIS = 5;

    private final Process root;
    private final CompletableFuture<Void> rootExited;
    private final Set<ProcessHandle> descendants = ConcurrentHashMap.newKeySet();

    ProcessTree(Process root, CompletableFuture<Void> rootExited) {
        this.root = root;
        this.rootExited = rootExited;
    }

    /** Adds the descendants that there are now. */
    void look() {
        List<ProcessHandle> known = List.copyOf(descendants);
        if (!rootExited.isDone()) {
            handle().ifPresent(each -> each.descendants().forEach(descendants::add));
        }
        known.stream()
                .filter(ProcessTree::lives)
                .forEach(each -> each.descendants().forEach(descendants::add));
    }

    boolean hasEnded() {
        return rootExited.isDone() && descendants.stream().noneMatch(ProcessTree::lives);
    }

    /** Waits for the child alone; returns whether it has ended. */
    boolean awaitRoot(Duration limit) throws InterruptedException {
        try {
            rootExited.get(TimeUnit.NANOSECONDS.convert(limit), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the exit future never fails", e);
        }
    }

    /** Waits for the child and all known descendants; returns whether all have ended. */
    boolean awaitAll(Duration limit) throws InterruptedException {
        long since = System.nanoTime();
        awaitRoot(limit);
        while (!hasEnded() && System.nanoTime() - since < limit.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return hasEnded();
    }

    /** Signals the child first, or it might replace what ends below it. */
    void signal(boolean forcibly) {
        if (!rootExited.isDone()) {
            signalRoot(forcibly);
        }
        descendants.stream().filter(ProcessTree::lives).forEach(each -> signal(each, forcibly));
    }

    /** Never {@code Process.destroy} where there is a handle: it closes the pipes too, and that can block. */
    private void signalRoot(boolean forcibly) {
        Optional<ProcessHandle> handle = handle();
        if (handle.isPresent()) {
            signal(handle.get(), forcibly);
        } else {
            SideThread.run("destroy", forcibly ? root::destroyForcibly : root::destroy);
        }
    }

    private static void signal(ProcessHandle handle, boolean forcibly) {
        if (forcibly) {
            handle.destroyForcibly();
        } else {
            handle.destroy();
        }
    }

    /** A process class of the user's own may have none. */
    private Optional<ProcessHandle> handle() {
        try {
            return Optional.of(root.toHandle());
        } catch (UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** A zombie counts as ended: in a container nobody may ever collect an orphan, and {@code isAlive} says true. */
    private static boolean lives(ProcessHandle handle) {
        return handle.isAlive() && !isZombie(handle.pid());
    }

    private static boolean isZombie(long pid) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        try {
            String text = Files.exists(stat) ? Files.readString(stat, StandardCharsets.ISO_8859_1) : "";
            return text.startsWith("Z", text.lastIndexOf(')') + 2);
        } catch (IOException e) {
            // Gone while we looked; the next look will say so.
            return false;
        }
    }
}
