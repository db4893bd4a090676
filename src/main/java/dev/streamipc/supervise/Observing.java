package dev.streamipc.supervise;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Tells the observers of a supervisor what happens: in order, one event at a time, on the executor. For all threads. */
final class Observing {

    /** Events that wait for a slow observer; more are left out. */
    static final int MAX_WAITING = 1_024;

    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    private final Queue<SupervisionEvent> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean flooded = new AtomicBoolean();
    private final UsersCode executor;

    Observing(UsersCode executor) {
        this.executor = executor;
    }

    /** Returns what removes the observer. */
    Runnable add(Consumer<? super SupervisionEvent> observer) {
        Observer own = new Observer(observer);
        observers.add(own);
        return () -> observers.remove(own);
    }

    /** Tells all observers. Throws nothing, whatever they and the executor do. */
    void tell(SupervisionEvent event) {
        if (observers.isEmpty()) {
            return;
        }
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
            executor.run(() -> drain(this::deliver));
        } catch (RuntimeException | Error rejected) {
            UsersCode.LOG.warn("observers not told: event={}", waiting.peek(), rejected);
            drain(event -> {});
        }
    }

    private void deliver(SupervisionEvent event) {
        observers.forEach(observer -> observer.take(event));
    }

    private void drain(Consumer<SupervisionEvent> each) {
        do {
            SupervisionEvent event = waiting.poll();
            if (event != null) {
                each.accept(event);
            }
        } while (count.decrementAndGet() > 0);
    }

    /** One registration; the same consumer may have several. */
    private static final class Observer {

        private final Consumer<? super SupervisionEvent> body;

        Observer(Consumer<? super SupervisionEvent> body) {
            this.body = body;
        }

        void take(SupervisionEvent event) {
            try {
                body.accept(event);
            } catch (Throwable failure) {
                UsersCode.LOG.error("observer failed: event={}", event, failure);
            }
        }
    }
}
