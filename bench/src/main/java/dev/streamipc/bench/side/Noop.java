package dev.streamipc.bench.side;

import dev.streamipc.dispatch.Dispatcher;
import dev.streamipc.dispatch.ProcessDispatcher;
import dev.streamipc.dispatch.QueueFull;
import dev.streamipc.dispatch.WorkerMain;
import dev.streamipc.dispatch.WorkerProgram;
import dev.streamipc.dispatch.WorkerSetup;
import dev.streamipc.message.Message;
import dev.streamipc.message.MessageName;
import dev.streamipc.message.Request;
import dev.streamipc.process.Child;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A worker that does as little as can be, and the pool of two of them. */
public final class Noop implements WorkerProgram {

    static final int WORKERS = 2;

    /** Asks for its number. */
    @MessageName("Task")
    public record Task(int number) implements Request<Done> {}

    /** The number. */
    @MessageName("Done")
    public record Done(int number) implements Message {}

    /** Ends the process. */
    public record Crash() implements Request<Done> {}

    @Override
    public void setUp(WorkerSetup worker) {
        worker.onRequest(Task.class, task -> new Done(task.number()));
        worker.onRequest(Crash.class, crash -> {
            Runtime.getRuntime().halt(1);
            return new Done(0);
        });
    }

    /** Returns a builder of a pool of JVMs, or of Pythons if a script and its interpreter are named. */
    static ProcessDispatcher.Builder pool(String... python) {
        return filled(
                python.length == 0
                        ? ProcessDispatcher.builder(Noop.class)
                        : ProcessDispatcher.builder(Child.python(python[0]).interpreter(Path.of(python[1]))));
    }

    /** Returns a builder of a pool of JVMs whose class archive is in a folder of its own. */
    static ProcessDispatcher.Builder pool(Archive archive) {
        return filled(ProcessDispatcher.builder(
                Child.java(WorkerMain.class).classArchive(archive.folder()).arguments(Noop.class.getName())));
    }

    private static ProcessDispatcher.Builder filled(ProcessDispatcher.Builder pool) {
        return pool.messages(Task.class, Crash.class).workers(WORKERS).queueFull(QueueFull.WAIT);
    }

    /** Hands in tasks from one thread for a round's time, and waits for all of them; tasks a second. */
    static double tasksPerSecond(Dispatcher pool) {
        List<CompletableFuture<?>> calls = new ArrayList<>();
        long start = System.nanoTime();
        while (calls.size() % 64 != 0 || System.nanoTime() - start < Turns.ROUND_NANOS) {
            calls.add(pool.call(new Task(calls.size())));
        }
        calls.forEach(CompletableFuture::join);
        return calls.size() * 1e9 / (System.nanoTime() - start);
    }
}
