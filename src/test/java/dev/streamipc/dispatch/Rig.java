package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.callback.CallbackHop;
import dev.streamipc.callback.Callbacks;
import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.Cancelled;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.ExitReport;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import dev.streamipc.supervise.Backoff;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The rules of a pool under virtual time, with workers that do what the test says. One thread. */
final class Rig {

    /** A worker that holds what it is given until the test ends it. */
    static final class Puppet implements Worker {

        final Slot slot;
        final Map<Task<?>, Outcome> running = new LinkedHashMap<>();
        final List<Task<?>> begun = new ArrayList<>();

        @Nullable
        Runnable free;

        boolean isKilled;
        boolean isHeardWhole = true;
        boolean canBeKilled = true;
        boolean isFull;
        boolean isBroken;
        boolean isDead;
        /** What its own thread would do, once the test lets it; null for at once. */
        @Nullable
        List<Runnable> later;

        Puppet(Slot slot) {
            this.slot = slot;
        }

        @Override
        public OptionalLong pid() {
            return OptionalLong.of(4711);
        }

        @Override
        public void run(Task<?> task, Duration limit, Outcome outcome) {
            if (isBroken) {
                throw new IllegalStateException("planted");
            } else if (isDead) {
                outcome.take(null, died(Phase.QUEUED));
                return;
            } else if (isFull) {
                outcome.take(null, new Rejected(Rejected.Reason.QUEUE_FULL, "queue=outbound"));
                return;
            }
            running.put(task, outcome);
        }

        @Override
        public void execute(Runnable sending) {
            if (later == null) {
                sending.run();
            } else {
                later.add(sending);
            }
        }

        void sendLater() {
            List<Runnable> due = later == null ? List.of() : later;
            later = null;
            due.forEach(Runnable::run);
        }

        @Override
        public boolean hasBegun(Task<?> task) {
            return begun.contains(task);
        }

        @Override
        public Phase giveUp(Task<?> task, String reason) {
            Phase phase = begun.contains(task) ? Phase.RUNNING : Phase.SENT;
            end(task, null, new Cancelled(phase, reason));
            return phase;
        }

        @Override
        public void probe(Duration limit, Runnable whenFree) {
            free = whenFree;
        }

        @Override
        public void kill() {
            isKilled = true;
        }

        @Override
        public boolean canBeKilled() {
            return canBeKilled;
        }

        @Override
        public boolean isHeardWhole() {
            return isHeardWhole;
        }

        void end(Task<?> task, @Nullable Message answer, @Nullable Throwable failure) {
            Outcome outcome = running.remove(task);
            if (outcome != null) {
                outcome.take(answer, failure);
            }
        }

        Task<?> first() {
            return running.keySet().iterator().next();
        }
    }

    final PoolSettings settings;
    final Virtual time = new Virtual();
    final List<DispatcherEvent> events = new ArrayList<>();
    final Map<String, Slot> wanted = new LinkedHashMap<>();
    final Map<String, Puppet> puppets = new LinkedHashMap<>();
    final Pool pool;

    Rig(PoolSettings settings) {
        this.settings = settings;
        Hands hands = new Hands(new PuppetCrew(), events::add, Runnable::run, (task, reports) -> {});
        pool = new Pool(
                new Pool.Parts(settings, time, new Callbacks(Runnable::run, time, CallbackHop.SPARE), hands, this));
        pool.fillUp();
    }

    static PoolSettings settings(PoolSettings.Size size) {
        return new PoolSettings(
                "w",
                size,
                new PoolSettings.Queueing(4, QueueFull.REJECT, TimeUnit.MILLISECONDS.toNanos(20)),
                new PoolSettings.Times(
                        null,
                        Duration.ofSeconds(30),
                        null,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(5)),
                new PoolSettings.Recycling(0, null, 0),
                new PoolSettings.Restarts(5, Duration.ofSeconds(10), Backoff.DEFAULT, Duration.ofSeconds(5)));
    }

    static PoolSettings fixed(int workers) {
        return settings(new PoolSettings.Size(workers, workers, 0, 0, 1));
    }

    /** Has the workers that are wanted get ready. */
    Rig up() {
        new ArrayList<>(wanted.values()).forEach(slot -> {
            if (slot.state == WorkerState.STARTING) {
                ready(slot.name);
            }
        });
        return this;
    }

    Puppet ready(String name) {
        Slot slot = wanted.get(name);
        Puppet puppet = new Puppet(slot);
        long life = pool.starting(slot);
        pool.entered(slot, life, OptionalLong.of(4711));
        puppets.put(name, puppet);
        pool.ready(slot, life, puppet);
        return puppet;
    }

    Puppet puppet(int number) {
        return puppets.get("w-" + number);
    }

    Task<?> call(TaskOptions options) {
        return (Task<?>) pool.submit(new Workbench.Echo("x"), options, answer -> answer);
    }

    /** Hands in a task from inside one of the pool. */
    Task<?> nested() {
        Object before = NestedMark.enter(this);
        try {
            return call();
        } finally {
            NestedMark.leave(before);
        }
    }

    Task<?> call() {
        return call(TaskOptions.DEFAULT);
    }

    /** A worker dies: what it has ends as said, and then it is gone. */
    void die(Puppet puppet) {
        endAll(puppet);
        pool.gone(puppet.slot, puppet.slot.life, died(Phase.QUEUED));
    }

    /** A worker dies: it is gone before what it has is told to have ended. */
    void dieBeforeItsTasks(Puppet puppet) {
        puppet.isDead = true;
        pool.gone(puppet.slot, puppet.slot.life, died(Phase.QUEUED));
        endAll(puppet);
    }

    private static void endAll(Puppet puppet) {
        puppet.isDead = true;
        Deque<Task<?>> tasks = new ArrayDeque<>(puppet.running.keySet());
        tasks.forEach(task -> puppet.end(task, null, died(puppet.begun.contains(task) ? Phase.RUNNING : Phase.SENT)));
    }

    static ChildDied died(Phase phase) {
        return new ChildDied(
                phase,
                new ExitReport(
                        1,
                        OptionalInt.of(137),
                        Optional.of("KILL"),
                        "",
                        Duration.ZERO,
                        0,
                        0,
                        Optional.empty(),
                        List.of()));
    }

    static Throwable failure(Task<?> task) {
        assertTrue(task.isDone(), "still open: state=" + task.state);
        return task.handle((value, failure) -> failure).join();
    }

    private final class PuppetCrew implements Hands.Workers {

        @Override
        public void add(Slot slot, PoolReports reports) {
            wanted.put(slot.name, slot);
        }

        @Override
        public void remove(Slot slot, PoolReports reports) {
            wanted.remove(slot.name);
            Puppet puppet = puppets.remove(slot.name);
            if (puppet != null) {
                endAll(puppet);
            }
            reports.removed(slot);
        }
    }

    /** Time that moves when the test says so. */
    static final class Virtual implements Scheduler {

        private record Due(long atNanos, Runnable task) {}

        private final List<Due> dues = new ArrayList<>();
        private long nowNanos;

        @Override
        public long nanoTime() {
            return nowNanos;
        }

        @Override
        public Scheduler.Due schedule(Runnable task, long delayNanos) {
            Due due = new Due(nowNanos + Math.max(0, delayNanos), task);
            dues.add(due);
            return () -> dues.remove(due);
        }

        /** Lets time pass in which nothing that is due is done. */
        void jump(Duration time) {
            nowNanos += time.toNanos();
        }

        void advance(Duration time) {
            long end = nowNanos + time.toNanos();
            while (true) {
                Due next = null;
                for (Due due : dues) {
                    next = due.atNanos() <= end && (next == null || due.atNanos() < next.atNanos()) ? due : next;
                }
                if (next == null) {
                    break;
                }
                dues.remove(next);
                nowNanos = next.atNanos();
                next.task().run();
            }
            nowNanos = end;
        }
    }
}
