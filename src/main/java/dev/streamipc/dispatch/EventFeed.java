package dev.streamipc.dispatch;

import dev.streamipc.flight.Flight;
import dev.streamipc.flight.FlightEvent;
import dev.streamipc.session.Subscription;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells observers of a dispatcher what becomes of its workers: in order, on the callback executor. For all threads. */
final class EventFeed {

    static final int MAX_WAITING = 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class.getPackageName());

    private final Executor executor;
    private final Executor spare;
    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    private final Queue<DispatcherEvent> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    /**
     * Makes a feed.
     *
     * @param executor the user's, perhaps
     * @param spare tells what the executor takes no more
     */
    EventFeed(Executor executor, Executor spare) {
        this.executor = executor;
        this.spare = spare;
    }

    Subscription add(Consumer<? super DispatcherEvent> observer) {
        Observer added = new Observer(observer);
        observers.add(added);
        return added;
    }

    void tell(DispatcherEvent event) {
        log(event);
        Flight.tell(new FlightEvent.Worker(event.worker(), event.getClass().getSimpleName(), facts(event)));
        if (observers.isEmpty()) {
            return;
        }
        if (count.get() >= MAX_WAITING) {
            LOG.warn("event left out: observers are too slow, waiting={}, event={}", MAX_WAITING, event);
            return;
        }
        waiting.add(event);
        if (count.getAndIncrement() == 0) {
            drainSoon();
        }
    }

    private void drainSoon() {
        try {
            executor.execute(this::drain);
        } catch (RuntimeException | Error rejected) {
            LOG.warn("event told by a spare thread: callback executor takes no more", rejected);
            spare.execute(this::drain);
        }
    }

    private static String facts(DispatcherEvent event) {
        if (event instanceof DispatcherEvent.Died died) {
            return String.valueOf(died.failure().getMessage());
        } else if (event instanceof DispatcherEvent.Recycled recycled) {
            return recycled.reason() + ", " + recycled.facts();
        } else if (event instanceof DispatcherEvent.Killed killed) {
            return "task=" + killed.task() + ", graceMs=" + killed.grace().toMillis();
        }
        return event instanceof DispatcherEvent.Tripped tripped ? String.valueOf(tripped.failure()) : "";
    }

    private static void log(DispatcherEvent event) {
        // the end of a worker is logged by its supervisor
        if (event instanceof DispatcherEvent.Killed
                || event instanceof DispatcherEvent.Abandoned
                || event instanceof DispatcherEvent.Tripped
                || event instanceof DispatcherEvent.Stalled) {
            LOG.warn("worker in trouble: event={}", event);
        } else {
            LOG.debug("worker event: event={}", event);
        }
    }

    private void drain() {
        do {
            DispatcherEvent event = waiting.poll();
            if (event != null) {
                observers.forEach(observer -> observer.take(event));
            }
        } while (count.decrementAndGet() > 0);
    }

    private final class Observer implements Subscription {

        private final Consumer<? super DispatcherEvent> body;
        private volatile boolean isPaused;

        Observer(Consumer<? super DispatcherEvent> body) {
            this.body = body;
        }

        void take(DispatcherEvent event) {
            if (isPaused) {
                return;
            }
            try {
                body.accept(event);
            } catch (RuntimeException | Error failure) {
                LOG.error("observer failed: event={}", event, failure);
            }
        }

        @Override
        public void pause() {
            isPaused = true;
        }

        @Override
        public void resume() {
            isPaused = false;
        }

        @Override
        public void close() {
            observers.remove(this);
        }
    }
}
