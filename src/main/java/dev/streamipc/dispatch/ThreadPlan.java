package dev.streamipc.dispatch;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.message.StartFailed;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.LocalCall;
import dev.streamipc.session.LocalHandlers;
import dev.streamipc.session.VirtualThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What all lives of a pool's threads share: what they run, and how it is made ready. For all threads. */
final class ThreadPlan {

    private final Parts parts;

    /**
     * What a plan is made of.
     *
     * @param program makes one for each worker
     * @param mark says of a thread that it works for a task of this pool
     * @param grace how long a worker has to end what it runs
     */
    record Parts(
            Supplier<? extends WorkerProgram> program,
            @Nullable Request<?> startTask,
            Duration startLimit,
            Duration grace,
            Object mark,
            boolean isVirtual,
            Abandoned abandoned,
            Clock clock,
            LocalCalls calls) {}

    /**
     * When something is due, and who does it.
     *
     * @param aside does what must not be done by the scheduler
     */
    record Clock(Scheduler scheduler, Executor aside) {}

    ThreadPlan(Parts parts) {
        this.parts = parts;
    }

    Duration startLimit() {
        return parts.startLimit();
    }

    Object mark() {
        return parts.mark();
    }

    Abandoned abandoned() {
        return parts.abandoned();
    }

    LocalCalls calls() {
        return parts.calls();
    }

    /** Does something when the grace is over; returns what takes that back. */
    Scheduler.Due afterGrace(Runnable body) {
        return after(parts.grace(), body);
    }

    /** Does something when a start has taken too long; returns what takes that back. */
    Scheduler.Due afterStartLimit(Runnable body) {
        return after(parts.startLimit(), body);
    }

    private Scheduler.Due after(Duration time, Runnable body) {
        Clock clock = parts.clock();
        return clock.scheduler().schedule(() -> clock.aside().execute(body), time.toNanos());
    }

    /** Those that were left behind may hold the few threads that carry virtual ones: then a thread is one of its own. */
    Thread thread(String name, Runnable body) {
        return VirtualThreads.unstarted(parts.isVirtual() && parts.abandoned().running() == 0, name, body);
    }

    /** Makes the program and has it register what it can do; on the thread that will run it. */
    LocalHandlers setUp() {
        LocalHandlers handlers = new LocalHandlers();
        try {
            WorkerSetup setup = new WorkerSetup();
            parts.program().get().setUp(setup);
            setup.register(handlers);
        } catch (Exception | LinkageError | StackOverflowError | AssertionError failure) {
            throw new StartFailed("the worker could not be set up: " + failure, List.of(), null, failure);
        }
        return handlers;
    }

    void runStartTask(LocalHandlers handlers) {
        Request<?> task = parts.startTask();
        if (task == null) {
            return;
        }
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        CallOptions options = CallOptions.deadline(parts.startLimit());
        LocalCall.Outcome outcome = (@Nullable Message answer, @Nullable Throwable failure) -> failed.set(failure);
        parts.calls().of(new LocalCall.Facts(task, options, outcome)).run(handlers);
        Throwable failure = failed.get();
        if (failure != null) {
            throw new StartFailed("the start task failed: " + failure.getMessage(), List.of(), null, failure);
        }
    }
}
