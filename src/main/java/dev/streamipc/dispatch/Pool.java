package dev.streamipc.dispatch;

import dev.streamipc.callback.Callbacks;
import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a pool under one lock, its clock, and who waits for it. What the rules want done is handed to the {@link Hands} once the lock is
 * let go. For all threads.
 */
final class Pool implements PoolReports {

    private static final int SPINS = 200;

    private final PoolSettings settings;
    private final Scheduler scheduler;
    private final Callbacks callbacks;
    private final Hands hands;
    private final Object mark;
    private final Looks looks;
    private final List<Action> batch = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition changed = lock.newCondition();
    private final Tallies tallies = new Tallies();
    private final Fleet fleet;
    private final PoolCore core;
    private final SideTasks side;
    private final Upkeep upkeep;
    private int awaitingRoom;
    private int awaitingChange;

    /**
     * What a pool is put together from.
     *
     * @param mark says of a thread that it works for a task of this pool
     */
    record Parts(PoolSettings settings, Scheduler scheduler, Callbacks callbacks, Hands hands, Object mark) {}

    Pool(Parts parts) {
        settings = parts.settings();
        scheduler = parts.scheduler();
        callbacks = parts.callbacks();
        hands = parts.hands();
        mark = parts.mark();
        looks = new Looks(scheduler, () -> hands.aside(this::look));
        fleet = new Fleet(settings, batch::add);
        PoolParts shared = new PoolParts(settings, fleet, tallies, batch::add, looks::within);
        Renewal renewal = new Renewal(settings.recycling(), fleet, tallies, ThreadLocalRandom.current()::nextDouble);
        core = new PoolCore(shared, renewal);
        side = new SideTasks(shared, core);
        upkeep = new Upkeep(shared, core, renewal);
    }

    /** Takes the lock, which is never held for long: a thread that is put to sleep for it costs more than to try a while. */
    private void lock() {
        for (int tries = 0; tries < SPINS; tries++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    /** Does something under the lock, and then what it wants done. */
    private <T extends @Nullable Object> T under(LongFunction<T> rule) {
        T result;
        List<Action> wanted;
        lock();
        try {
            result = rule.apply(scheduler.nanoTime());
            wanted = leave();
        } finally {
            lock.unlock();
        }
        perform(wanted);
        return result;
    }

    private void alone(LongConsumer rule) {
        under(now -> {
            rule.accept(now);
            return true;
        });
    }

    /** Wakes who waits and takes what is to be done; still under the lock. */
    private List<Action> leave() {
        wake();
        if (batch.isEmpty()) {
            return List.of();
        }
        List<Action> wanted = List.copyOf(batch);
        batch.clear();
        wanted.forEach(Action::leaves);
        return wanted;
    }

    private void perform(List<Action> wanted) {
        looks.schedule();
        if (!wanted.isEmpty()) {
            hands.perform(wanted, this);
        }
    }

    private void wake() {
        // without a queue there is no room but on a worker
        int capacity = settings.queueing().capacity();
        if (awaitingRoom > 0 && (core.queued() < capacity || capacity == 0)) {
            room.signalAll();
        }
        if (awaitingChange > 0) {
            changed.signalAll();
        }
    }

    /** Takes a task in. Blocks only if it is to wait for room. */
    <R> CompletableFuture<R> submit(
            Request<?> request, TaskOptions options, Function<? super Message, ? extends R> result) {
        Task<R> task =
                new Task<>(callbacks, new Task.Facts<>(request, options, result, NestedMark.isOf(mark)), this::cancel);
        task.handedInNanos = scheduler.nanoTime();
        try {
            task.beginProgress(callbacks);
        } catch (IllegalStateException misuse) {
            task.settleHere(null, misuse);
            return task;
        }
        PoolCore.Taken taken = under(now -> core.submit(task, now));
        if (taken == PoolCore.Taken.FULL) {
            full(task);
        }
        return task;
    }

    private void full(Task<?> task) {
        switch (settings.whenFull(task)) {
            case REJECT -> reject(task, "the queue is full");
            case WAIT -> waitForRoom(task);
            case RUN_IN_CALLER -> hands.runInCaller(task, this);
        }
    }

    private void reject(Task<?> task, String why) {
        task.settleWith(
                null,
                new Rejected(
                        Rejected.Reason.QUEUE_FULL,
                        why + ", dispatcher=" + settings.name() + ", queueCapacity="
                                + settings.queueing().capacity() + "; hand in less at once, or wait for room"));
    }

    private void waitForRoom(Task<?> task) {
        long limitNanos = settings.waitLimit(task).toNanos();
        try {
            if (!awaitTaken(task, limitNanos)) {
                task.settleWith(null, new DeadlinePassed(Phase.QUEUED, Duration.ofNanos(limitNanos)));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            reject(task, "the wait for room was interrupted");
        }
    }

    private boolean awaitTaken(Task<?> task, long limitNanos) throws InterruptedException {
        List<Action> wanted;
        lock.lockInterruptibly();
        awaitingRoom++;
        try {
            while (core.submit(task, scheduler.nanoTime()) == PoolCore.Taken.FULL) {
                long left = task.handedInNanos + limitNanos - scheduler.nanoTime();
                if (left <= 0) {
                    return false;
                }
                room.awaitNanos(left);
            }
            wanted = leave();
        } finally {
            awaitingRoom--;
            lock.unlock();
        }
        perform(wanted);
        return true;
    }

    private void cancel(Task<?> task) {
        alone(now -> core.ends.cancel(task));
    }

    @Override
    public void ended(Slot slot, Task<?> task, Ending ending) {
        List<Action> wanted;
        lock();
        try {
            core.ended(slot, task, ending, scheduler.nanoTime());
            wanted = leave();
        } finally {
            lock.unlock();
        }
        looks.schedule();
        if (!wanted.isEmpty()) {
            hands.performOnReader(wanted, this);
        }
    }

    @Override
    public void freed(Slot slot, long life) {
        alone(now -> upkeep.freed(slot, life, now));
    }

    @Override
    public long starting(Slot slot) {
        return under(now -> upkeep.starting(slot, now));
    }

    @Override
    public void entered(Slot slot, long life, OptionalLong pid) {
        alone(now -> upkeep.entered(slot, life, pid));
    }

    @Override
    public boolean ready(Slot slot, long life, Worker worker) {
        return under(now -> upkeep.ready(slot, life, worker, now));
    }

    @Override
    public void gone(Slot slot, long life, @Nullable Throwable failure) {
        alone(now -> upkeep.gone(slot, life, failure, now));
    }

    @Override
    public void tripped(String name, @Nullable Throwable failure) {
        alone(now -> fleet.slots.stream()
                .filter(slot -> slot.name.equals(name))
                .findFirst()
                .ifPresent(slot -> upkeep.tripped(slot, failure)));
    }

    @Override
    public void removed(Slot slot) {
        alone(now -> fleet.removed(slot));
    }

    @Override
    public @Nullable Duration takenAside(Task<?> task, Worker caller) {
        return under(now -> side.take(task, caller, now));
    }

    @Override
    public void endedAside(Task<?> task, Ending ending) {
        alone(now -> side.ended(task, ending, now));
    }

    @Override
    public void abandoned(IntSupplier running, int most) {
        alone(now -> upkeep.abandoned(running.getAsInt(), most));
    }

    @Override
    public void memory(Slot slot, long life, long residentBytes) {
        alone(now -> upkeep.memory(slot, life, residentBytes));
    }

    @Override
    public void stalled(Slot slot, Duration since) {
        alone(now -> fleet.tell(new DispatcherEvent.Stalled(slot.name, slot.pid, since)));
    }

    /** Looks at the memory of all workers that are processes. */
    void lookAtMemory() {
        for (MemoryWatch.Lived each : under(now -> MemoryWatch.processes(fleet.slots))) {
            MemoryWatch.residentBytes(each.pid()).ifPresent(bytes -> memory(each.slot(), each.life(), bytes));
        }
    }

    @Override
    public @Nullable Duration limitNow(Task<?> task) {
        return settings.limitOnWorker(task, scheduler.nanoTime());
    }

    private void look() {
        alone(now -> looks.within(upkeep.look(now)));
    }

    boolean pardon(String key) {
        return under(now -> core.pardon(key, now));
    }

    /** Starts the least number of workers. */
    void fillUp() {
        alone(now -> fleet.fillUp());
    }

    void refuseMore() {
        alone(now -> core.refuseMore());
    }

    void failQueued(String why) {
        alone(now -> core.failQueued(why));
    }

    void failRunning(String why) {
        alone(now -> {
            core.ends.failRunning(why);
            side.fail(why);
        });
    }

    /** Has all workers end. */
    void removeAll() {
        alone(now -> List.copyOf(fleet.slots).forEach(fleet::remove));
    }

    /** Returns when something that is asked of the workers holds, or the time is up. */
    boolean await(Predicate<? super List<Slot>> wanted, Duration limit) throws InterruptedException {
        return awaitHolds(() -> wanted.test(fleet.slots), limit);
    }

    /** Returns when no accepted task is open, or the time is up. */
    boolean awaitIdle(Duration limit) throws InterruptedException {
        return awaitHolds(() -> tallies.open() == 0, limit);
    }

    private boolean awaitHolds(BooleanSupplier fact, Duration limit) throws InterruptedException {
        long leftNanos = limit.toNanos();
        lock.lockInterruptibly();
        awaitingChange++;
        try {
            while (!fact.getAsBoolean()) {
                if (leftNanos <= 0) {
                    return false;
                }
                leftNanos = changed.awaitNanos(leftNanos);
            }
            return true;
        } finally {
            awaitingChange--;
            lock.unlock();
        }
    }

    /** Returns the first that is found at a worker; null if there is none. */
    <T> @Nullable T firstOf(Function<? super Slot, @Nullable T> look) {
        lock.lock();
        try {
            for (Slot slot : fleet.slots) {
                T found = look.apply(slot);
                if (found != null) {
                    return found;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the clock go of this pool. */
    void end() {
        looks.end();
    }

    List<WorkerSnapshot> workers() {
        List<WorkerSnapshot> all = new ArrayList<>();
        lock.lock();
        try {
            long now = scheduler.nanoTime();
            fleet.slots.forEach(slot -> all.add(slot.snapshot(now)));
        } finally {
            lock.unlock();
        }
        return all;
    }

    DispatcherStats stats() {
        return under(now -> Figures.of(fleet, tallies, core.queued()));
    }
}
