package dev.streamipc.dispatch;

import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what the rules of a pool want done. For all threads; holds no lock. */
final class Hands {

    private static final Logger LOG = LoggerFactory.getLogger(Hands.class.getPackageName());

    private final Workers crew;
    private final Consumer<? super DispatcherEvent> events;
    private final Executor aside;
    private final InCaller inCaller;
    /** What is done on a thread may want more done there: that waits its turn, so that no stack grows. */
    private static final ThreadLocal<Deque<Due>> DOING = new ThreadLocal<>();

    /** Starts workers and ends them. */
    interface Workers {

        /** Has a worker started, and started again whenever it ends; what becomes of it is reported. */
        void add(Slot slot, PoolReports pool);

        /** Has a worker ended for good, which is reported. */
        void remove(Slot slot, PoolReports pool);
    }

    /** Does what a task asks for on the thread that hands it in. */
    @FunctionalInterface
    interface InCaller {

        /** Runs a task, which has found the queue full, or gives it its outcome. */
        void run(Task<?> task, PoolReports pool);
    }

    /** Something that is to be done on this thread, perhaps for another pool. */
    private record Due(Hands hands, Action action, PoolReports pool) {}

    /**
     * Makes the hands.
     *
     * @param aside runs what the clock finds due
     * @param inCaller runs a task on the calling thread
     */
    Hands(Workers crew, Consumer<? super DispatcherEvent> events, Executor aside, InCaller inCaller) {
        this.crew = crew;
        this.events = events;
        this.aside = aside;
        this.inCaller = inCaller;
    }

    void aside(Runnable look) {
        aside.execute(look);
    }

    void runInCaller(Task<?> task, PoolReports pool) {
        inCaller.run(task, pool);
    }

    /** Does what neither blocks nor sends at once, and has the rest done by the workers' own threads. */
    void performOnReader(List<Action> actions, PoolReports pool) {
        List<Action> rest = new ArrayList<>(actions.size());
        for (Action action : actions) {
            if (action instanceof Action.Settle) {
                perform(action, pool);
            } else {
                rest.add(action);
            }
        }
        if (!rest.isEmpty()) {
            sender(rest).execute(() -> perform(rest, pool));
        }
    }

    /** All that one outcome leads to is mostly about one worker. */
    private Executor sender(List<Action> actions) {
        for (Action action : actions) {
            if (action instanceof Action.Send send) {
                return send.what().worker()::execute;
            } else if (action instanceof Action.Probe probe) {
                return probe.worker()::execute;
            }
        }
        return aside;
    }

    void perform(List<Action> actions, PoolReports pool) {
        Deque<Due> running = DOING.get();
        if (running != null) {
            actions.forEach(action -> running.add(new Due(this, action, pool)));
            return;
        }
        Deque<Due> mine = new ArrayDeque<>();
        actions.forEach(action -> mine.add(new Due(this, action, pool)));
        DOING.set(mine);
        try {
            while (!mine.isEmpty()) {
                Due next = mine.remove();
                next.hands().perform(next.action(), next.pool());
            }
        } finally {
            DOING.remove();
        }
    }

    /** What fails harms nothing else that is to be done. */
    private void perform(Action action, PoolReports pool) {
        try {
            act(action, pool);
        } catch (Throwable failure) {
            LOG.error("step of a dispatcher failed: step={}", action.getClass().getSimpleName(), failure);
        }
    }

    private void act(Action action, PoolReports pool) {
        if (action instanceof Action.Send send) {
            send.slot().sends.drain(next -> send(send.slot(), next, pool));
        } else if (action instanceof Action.Settle settle) {
            settle(settle.task(), settle.answer(), settle.failure());
        } else if (action instanceof Action.GiveUp giveUp) {
            giveUp(giveUp);
        } else if (action instanceof Action.Probe probe) {
            probe.worker().probe(probe.limit(), () -> pool.freed(probe.slot(), probe.life()));
        } else if (action instanceof Action.Kill kill) {
            kill.worker().kill();
        } else if (action instanceof Action.Add add) {
            crew.add(add.slot(), pool);
        } else if (action instanceof Action.Remove remove) {
            crew.remove(remove.slot(), pool);
        } else if (action instanceof Action.Tell tell) {
            tell.news().drain(this::tell);
        }
    }

    private void tell(DispatcherEvent event) {
        try {
            events.accept(event);
        } catch (Throwable failure) {
            LOG.error("step of a dispatcher failed: step={}", event, failure);
        }
    }

    private static void send(Slot slot, Sending send, PoolReports pool) {
        for (Task<?> task : send.tasks()) {
            send(slot, send, task, pool);
        }
    }

    private static void send(Slot slot, Sending send, Task<?> task, PoolReports pool) {
        Worker worker = send.worker();
        Worker.Outcome outcome = (answer, failure) -> pool.ended(
                slot, task, new Ending(send.life(), answer, failure, failure != null && worker.isHeardWhole()));
        Duration limit = pool.limitNow(task);
        if (limit == null) {
            outcome.take(
                    null, new DeadlinePassed(Phase.QUEUED, Duration.ofNanos(task.totalDueNanos - task.handedInNanos)));
            return;
        }
        try {
            worker.run(task, limit, outcome);
        } catch (Throwable failure) {
            LOG.error("step of a dispatcher failed: step=Send, task={}", task.label(), failure);
            outcome.take(null, failure);
        }
    }

    private static void giveUp(Action.GiveUp giveUp) {
        Phase phase = Phase.SENT;
        try {
            phase = giveUp.worker().giveUp(giveUp.task(), "given up");
        } finally {
            settle(giveUp.task(), null, giveUp.failure().apply(giveUp.task().phase(phase)));
        }
    }

    /** Of a future that its caller cancels here some dependents run here: what they ask of a pool is not to wait for them. */
    private static void settle(Task<?> task, @Nullable Message answer, @Nullable Throwable failure) {
        Deque<Due> held = DOING.get();
        if (held != null) {
            DOING.remove();
        }
        try {
            task.settleWith(answer, failure);
        } finally {
            if (held != null) {
                DOING.set(held);
            }
        }
    }
}
