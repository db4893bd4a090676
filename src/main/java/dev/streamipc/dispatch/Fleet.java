package dev.streamipc.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The workers of a pool: how many there are, and who is next. Guarded by the lock of the pool. */
final class Fleet {

    final List<Slot> slots = new ArrayList<>();
    private final PoolSettings settings;
    private final Consumer<? super Action> out;
    private final InOrder<DispatcherEvent> news = new InOrder<>();
    private final Sticky sticky = new Sticky();
    /** Workers that can't be ended and still run what was given up, and how many of them are too many. */
    int abandoned;

    int mostAbandoned = Integer.MAX_VALUE;
    private long named;
    private int tripped;

    Fleet(PoolSettings settings, Consumer<? super Action> out) {
        this.settings = settings;
        this.out = out;
    }

    Slot add(boolean isOverflow) {
        Slot slot = new Slot(settings.name() + "-" + ++named, isOverflow);
        slots.add(slot);
        out.accept(new Action.Add(slot));
        return slot;
    }

    /** Ends a worker for good; it has nothing outstanding, or is dead to it. */
    void remove(Slot slot) {
        if (slot.state != WorkerState.STOPPING) {
            slot.state = WorkerState.STOPPING;
            trip(slot, false);
            sticky.forget(slot);
            out.accept(new Action.Remove(slot));
        }
    }

    /** It has ended for good. */
    void removed(Slot slot) {
        slot.state = WorkerState.DEAD;
        slots.remove(slot);
        tell(new DispatcherEvent.Stopped(slot.name, slot.pid));
    }

    void tell(DispatcherEvent event) {
        news.add(event);
        out.accept(new Action.Tell(news));
    }

    /** Keys that went to this worker may go to another. */
    void unstick(Slot slot) {
        sticky.forget(slot);
    }

    int count(Predicate<? super Slot> which) {
        int count = 0;
        for (Slot slot : slots) {
            count += which.test(slot) ? 1 : 0;
        }
        return count;
    }

    /** Returns how many are there to stay, ready or not. */
    int size() {
        return count(slot -> isOfTheFleet(slot) && !slot.isDraining);
    }

    private static boolean isOfTheFleet(Slot slot) {
        return !slot.isOverflow && slot.state != WorkerState.STOPPING && slot.state != WorkerState.DEAD;
    }

    /** A worker pauses, or does no more. */
    void trip(Slot slot, boolean hasTripped) {
        slot.hasTripped = hasTripped;
        tripped = count(each -> each.hasTripped && isOfTheFleet(each));
    }

    /** Returns whether tasks have nobody who runs them, or will soon: all pause. */
    boolean isTripped() {
        return tripped > 0 && tripped == count(Fleet::isOfTheFleet);
    }

    boolean isCrowded() {
        return abandoned >= mostAbandoned;
    }

    /** Returns whether a nested task may have a worker of its own. */
    boolean mayOverflow() {
        int extra = count(slot -> slot.isOverflow && slot.state != WorkerState.STOPPING && !slot.isLost);
        return extra < settings.size().overflow() + Math.max(0, settings.size().max() - size());
    }

    /** Returns who has a task; null if nobody has. */
    @Nullable
    Slot holder(Task<?> task) {
        for (Slot slot : slots) {
            if (slot.outstanding.contains(task)) {
                return slot;
            }
        }
        return null;
    }

    @Nullable
    Slot ofKey(@Nullable String key) {
        return key == null ? null : sticky.of(key);
    }

    /** Has a key go to a worker; returns whether it went to another before, or to none. */
    boolean stick(String key, Slot slot) {
        return !slot.isOverflow && sticky.put(key, slot) != slot;
    }

    /** Returns who is next, of those with less than so many tasks: without work the last used, else who has the least. */
    @Nullable
    Slot choose(int limit) {
        Slot best = null;
        for (Slot slot : slots) {
            boolean mayTake = !slot.isOverflow && !slot.isDraining && slot.takes(limit);
            if (mayTake && (best == null || isBetter(slot, best))) {
                best = slot;
            }
        }
        return best;
    }

    private static boolean isBetter(Slot slot, Slot other) {
        int less = Integer.compare(slot.outstanding.size(), other.outstanding.size());
        return less < 0 || less == 0 && slot.lastUsedNanos - other.lastUsedNanos > 0;
    }

    /** Starts workers until the least number is there, and spares if wanted. */
    void fillUp() {
        grow(settings.size().min() - size());
        startSpares();
    }

    /** Starts workers ahead of the work. */
    void startSpares() {
        if (settings.size().spares() > 0) {
            int idle = count(slot -> isOfTheFleet(slot) && !slot.isDraining && (slot.isIdle() || !slot.isReady()));
            grow(settings.size().spares() - idle);
        }
    }

    /** Starts as many workers as there is room for. */
    void grow(int wanted) {
        int room = Math.min(wanted, settings.size().max() - size());
        for (int count = 0; count < room; count++) {
            add(false);
        }
    }

    /** Returns how many were started and are not ready. */
    int starting() {
        return count(slot -> isOfTheFleet(slot) && !slot.isReady());
    }

    /** Ends those that have long had nothing to do, down to the least number, and returns when to look again. */
    long shrink(long nowNanos) {
        long idleNanos = settings.times().idle().toNanos();
        long leastWait = Long.MAX_VALUE;
        // one that starts, perhaps to replace another, is not there yet
        int most = count(slot -> slot.isReady() && !slot.isOverflow)
                - settings.size().min();
        for (Slot slot : List.copyOf(slots)) {
            if (most > 0 && slot.isIdle() && !slot.isDraining && !slot.isOverflow && !isSpare()) {
                long left = slot.lastUsedNanos + idleNanos - nowNanos;
                if (left <= 0) {
                    remove(slot);
                    most--;
                } else {
                    leastWait = Math.min(leastWait, left);
                }
            }
        }
        return leastWait;
    }

    private boolean isSpare() {
        return count(Slot::isIdle) <= settings.size().spares();
    }
}
