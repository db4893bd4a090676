package dev.streamipc.dispatch;

import dev.streamipc.message.Phase;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.LocalCall;
import dev.streamipc.session.LocalHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** A worker that is a thread, which takes one turn after the other. For all threads. */
final class ThreadWorker implements Worker {

    private static final Turn LAST = new Turn(null, () -> {}, true);

    private final LocalCalls calls;
    private final Runnable leaveBehind;
    /** Bounded by what a pool gives a worker at a time. */
    private final BlockingQueue<Turn> turns = new LinkedBlockingQueue<>();

    private boolean isClosed; // guarded by this

    /** Something to be done on the thread; a call unless it is null. */
    private record Turn(@Nullable LocalCall call, Runnable body, boolean isLast) {

        static Turn of(LocalCall call) {
            return new Turn(call, () -> {}, false);
        }
    }

    /**
     * Makes a worker.
     *
     * @param leaveBehind gives the thread up
     */
    ThreadWorker(LocalCalls calls, Runnable leaveBehind) {
        this.calls = calls;
        this.leaveBehind = leaveBehind;
    }

    /** Takes turns on this thread, until the last. */
    void work(LocalHandlers handlers) {
        Turn turn = next();
        while (!turn.isLast()) {
            if (turn.call() == null) {
                turn.body().run();
            } else {
                turn.call().run(handlers);
            }
            turn = next();
        }
    }

    private Turn next() {
        while (true) {
            try {
                return turns.take();
            } catch (InterruptedException stray) {
                // meant for a task that has ended, or left behind by it: the flag is gone before the next
            }
        }
    }

    /** Takes no more, ends what has not begun, and has the thread end when it has ended what it runs. */
    void close() {
        List<Turn> left = new ArrayList<>();
        synchronized (this) {
            isClosed = true;
            turns.drainTo(left);
            turns.add(LAST);
        }
        left.forEach(turn -> fail(turn.call()));
    }

    private static void fail(@Nullable LocalCall call) {
        if (call != null) {
            String why = "the worker takes no more";
            call.stop(phase -> new SessionClosed(phase, SessionClosed.Who.THIS_SIDE, why), why);
        }
    }

    private synchronized boolean offer(Turn turn) {
        return !isClosed && turns.add(turn);
    }

    @Override
    public OptionalLong pid() {
        return OptionalLong.empty();
    }

    @Override
    public void run(Task<?> task, Duration limit, Outcome outcome) {
        LocalCall call = calls.of(task, limit, outcome);
        if (call != null && !offer(Turn.of(call))) {
            fail(call);
        }
    }

    @Override
    public void execute(Runnable sending) {
        // to put a turn into the queue does not wait
        sending.run();
    }

    @Override
    public boolean hasBegun(Task<?> task) {
        return task.hasBegun();
    }

    @Override
    public Phase giveUp(Task<?> task, String reason) {
        return LocalCalls.giveUp(task, reason);
    }

    @Override
    public void probe(Duration limit, Runnable free) {
        offer(new Turn(null, free, false));
    }

    @Override
    public void kill() {
        close();
        leaveBehind.run();
    }

    @Override
    public boolean canBeKilled() {
        return false;
    }

    @Override
    public boolean isHeardWhole() {
        return true;
    }
}
