package dev.streamipc.dispatch;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.message.StartFailed;
import dev.streamipc.process.Child;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What all lives of a pool's processes share: what is run, and how it is made ready. */
final class ProcessPlan {

    /** So many processes start at a time, as there are processors to start them. */
    private final Semaphore starts = new Semaphore(Runtime.getRuntime().availableProcessors());

    private final IpcPeer peer;
    private final Child child;
    private final Duration startLimit;
    private final Consumer<? super IpcSession> prepare;
    private final @Nullable Request<?> startTask;
    private final boolean tellsStarted;

    /**
     * What a plan is made of.
     *
     * @param prepare registers what workers may ask for
     * @param tellsStarted whether workers are to say when they begin a task
     */
    record Parts(
            IpcPeer peer,
            Child child,
            Duration startLimit,
            Consumer<? super IpcSession> prepare,
            @Nullable Request<?> startTask,
            boolean tellsStarted) {}

    ProcessPlan(Parts parts) {
        peer = parts.peer();
        child = parts.child();
        startLimit = parts.startLimit();
        prepare = parts.prepare();
        startTask = parts.startTask();
        tellsStarted = parts.tellsStarted();
    }

    Duration startLimit() {
        return startLimit;
    }

    IpcSession spawn(String name) throws InterruptedException {
        starts.acquire();
        try {
            return peer.spawn(child.name(name));
        } finally {
            starts.release();
        }
    }

    void prepare(IpcSession session) {
        prepare.accept(session);
    }

    void runStartTask(IpcSession session) {
        if (startTask == null) {
            return;
        }
        try {
            call(session, startTask);
        } catch (IpcFailure failure) {
            throw new StartFailed("the start task failed: " + failure.getMessage(), List.of(), null, failure);
        }
    }

    private <R extends Message> void call(IpcSession session, Request<R> task) {
        session.call(task, CallOptions.deadline(startLimit));
    }

    SessionWorker worker(IpcSession session) {
        return new SessionWorker(session, tellsStarted);
    }
}
