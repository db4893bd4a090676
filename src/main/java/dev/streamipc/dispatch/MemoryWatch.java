package dev.streamipc.dispatch;

import dev.streamipc.clock.Scheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Looks, once a second, how much memory processes hold. Knows Linux alone; elsewhere nothing is seen. */
final class MemoryWatch {

    static final Duration PERIOD = Duration.ofSeconds(1);

    private static final long KIB = 1_024;

    private final Scheduler scheduler;
    private final Executor aside;
    private final Runnable look;
    private volatile boolean isOver;
    private volatile Scheduler.Due due = () -> {};

    /**
     * Makes the watch.
     *
     * @param aside where it looks
     * @param look asks for what it wants to know, and tells what it has learned
     */
    MemoryWatch(Scheduler scheduler, Executor aside, Runnable look) {
        this.scheduler = scheduler;
        this.aside = aside;
        this.look = look;
    }

    void start() {
        if (!isOver) {
            due = scheduler.schedule(() -> aside.execute(this::run), TimeUnit.NANOSECONDS.convert(PERIOD));
        }
    }

    private void run() {
        if (!isOver) {
            look.run();
            start();
        }
    }

    void end() {
        isOver = true;
        due.cancel();
    }

    /** A life of a worker, and its process. */
    record Lived(Slot slot, long life, long pid) {}

    /** Returns the processes of workers. */
    static List<Lived> processes(List<Slot> slots) {
        List<Lived> all = new ArrayList<>();
        for (Slot slot : slots) {
            Worker worker = slot.worker;
            if (worker != null) {
                worker.pid().ifPresent(pid -> all.add(new Lived(slot, slot.life, pid)));
            }
        }
        return all;
    }

    /**
     * Returns the resident memory of a process: the line VmRSS of {@code /proc/<pid>/status}, proc_pid_status(5).
     *
     * @return bytes; empty if it has ended, or this is no Linux
     */
    static OptionalLong residentBytes(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
                if (line.startsWith("VmRSS:")) {
                    return OptionalLong.of(KIB * Long.parseLong(line.replaceAll("\\D+", "")));
                }
            }
        } catch (IOException | NumberFormatException gone) {
            // it has ended meanwhile
        }
        return OptionalLong.empty();
    }
}
