package dev.streamipc.dispatch;

import dev.streamipc.message.Phase;
import dev.streamipc.session.LocalCall;
import dev.streamipc.session.LocalHandlers;
import java.time.Duration;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Runs tasks that find the queue full on the threads that hand them in. Each uses a program that nobody else uses at that time; as
 * many are made as callers run tasks at a time, and kept.
 */
final class CallerRuns implements Worker {

    private final ThreadPlan plan;
    private final Deque<LocalHandlers> unused = new ConcurrentLinkedDeque<>();

    CallerRuns(ThreadPlan plan) {
        this.plan = plan;
    }

    void run(Task<?> task, PoolReports pool) {
        Duration limit = pool.takenAside(task, this);
        if (limit == null) {
            return;
        }
        Object before = NestedMark.enter(plan.mark());
        try {
            run(task, limit, (answer, failure) -> pool.endedAside(task, new Ending(0, answer, failure)));
        } finally {
            NestedMark.leave(before);
        }
    }

    @Override
    public void run(Task<?> task, Duration limit, Outcome outcome) {
        LocalHandlers handlers;
        try {
            handlers = unused();
        } catch (RuntimeException | Error failure) {
            outcome.take(null, failure);
            return;
        }
        LocalCall call = plan.calls().of(task, limit, outcome);
        if (call != null) {
            call.run(handlers);
        }
        unused.push(handlers);
    }

    private LocalHandlers unused() {
        LocalHandlers known = unused.poll();
        if (known != null) {
            return known;
        }
        LocalHandlers made = plan.setUp();
        plan.runStartTask(made);
        return made;
    }

    @Override
    public Phase giveUp(Task<?> task, String reason) {
        return LocalCalls.giveUp(task, reason);
    }

    @Override
    public boolean hasBegun(Task<?> task) {
        return task.hasBegun();
    }

    @Override
    public void execute(Runnable sending) {
        sending.run();
    }

    @Override
    public OptionalLong pid() {
        return OptionalLong.empty();
    }

    @Override
    public void probe(Duration limit, Runnable free) {
        // a caller has no other task
    }

    @Override
    public void kill() {
        // a caller is not ours to end
    }

    @Override
    public boolean isHeardWhole() {
        return true;
    }
}
