package dev.streamipc.supervise;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Tells the observers of a supervisor what happens, none of them held up by another. For all threads. */
final class Observing {

    /** Events that wait for a slow observer; more are left out. */
    static final int MAX_WAITING = 1_024;

    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    private final UsersCode executor;

    Observing(UsersCode executor) {
        this.executor = executor;
    }

    /** Returns what removes the observer. */
    Runnable add(Consumer<? super SupervisionEvent> observer) {
        Observer own = new Observer(observer, executor);
        observers.add(own);
        return () -> {
            observers.remove(own);
            own.closed = true;
        };
    }

    /** Tells all observers. Throws nothing, whatever they and the executor do. */
    void tell(SupervisionEvent event) {
        observers.forEach(observer -> observer.tell(event));
    }

    /** One registration, told in order, one event at a time, on the executor; the same consumer may have several. */
    private static final class Observer {

        private final Consumer<? super SupervisionEvent> body;
        private final UsersCode executor;
        private final Queue<SupervisionEvent> waiting = new ConcurrentLinkedQueue<>();
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicBoolean flooded = new AtomicBoolean();
        private volatile boolean closed;

        Observer(Consumer<? super SupervisionEvent> body, UsersCode executor) {
            this.body = body;
            this.executor = executor;
        }

        void tell(SupervisionEvent event) {
            if (count.get() >= MAX_WAITING) {
                if (flooded.compareAndSet(false, true)) {
                    UsersCode.LOG.warn("events are left out: observers too slow, maxWaiting={}", MAX_WAITING);
                }
                return;
            }
            waiting.add(event);
            if (count.getAndIncrement() == 0) {
                deliver();
            }
        }

        private void deliver() {
            try {
                executor.run(() -> drain(this::take));
            } catch (RuntimeException | Error rejected) {
                UsersCode.LOG.warn("observers not told: event={}", waiting.peek(), rejected);
                drain(event -> {});
            }
        }

        private void drain(Consumer<SupervisionEvent> each) {
            do {
                SupervisionEvent event = waiting.poll();
                if (event != null && !closed) {
                    each.accept(event);
                }
            } while (count.decrementAndGet() > 0);
        }

        private void take(SupervisionEvent event) {
            try {
                body.accept(event);
            } catch (Throwable failure) {
                UsersCode.LOG.error("observer failed: event={}", event, failure);
            }
        }
    }
}
