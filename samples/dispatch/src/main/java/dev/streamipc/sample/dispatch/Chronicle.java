package dev.streamipc.sample.dispatch;

import dev.streamipc.dispatch.Dispatcher;
import dev.streamipc.dispatch.DispatcherEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** All that became of the workers of a pool, in order. For all threads. */
final class Chronicle {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Guarded by this. */
    private final List<DispatcherEvent> events = new ArrayList<>();

    private Chronicle() {}

    /** Starts with the workers that are ready. */
    static Chronicle of(Dispatcher pool) {
        Chronicle chronicle = new Chronicle();
        pool.workers()
                .forEach(
                        worker -> chronicle.take(new DispatcherEvent.Ready(worker.name(), worker.pid(), worker.age())));
        pool.events(chronicle::take);
        return chronicle;
    }

    synchronized void take(DispatcherEvent event) {
        events.add(event);
        notifyAll();
    }

    /** Returns how many there have been. */
    synchronized int count() {
        return events.size();
    }

    /** Waits for the first event of a type that fits and is not among so many that came before; empty if none comes. */
    synchronized <E extends DispatcherEvent> Optional<E> await(int before, Class<E> type, Predicate<? super E> fits)
            throws InterruptedException {
        long endNanos = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            Optional<E> found = events.stream()
                    .skip(before)
                    .filter(type::isInstance)
                    .map(type::cast)
                    .filter(fits)
                    .findFirst();
            long leftMillis = (endNanos - System.nanoTime()) / 1_000_000;
            if (found.isPresent() || leftMillis <= 0) {
                return found;
            }
            wait(leftMillis);
        }
    }

    /** Returns the process of a worker as it was before an event. */
    synchronized long pid(String worker, DispatcherEvent before) {
        return events.subList(0, events.indexOf(before)).stream()
                .filter(DispatcherEvent.Ready.class::isInstance)
                .map(DispatcherEvent.Ready.class::cast)
                .filter(ready -> ready.worker().equals(worker))
                .mapToLong(ready -> ready.pid().orElse(-1))
                .reduce(-1, (first, last) -> last);
    }
}
