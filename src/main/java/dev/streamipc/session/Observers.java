package dev.streamipc.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Tells the observers of a session what happens, on the callback executor. For all threads. */
final class Observers {

    /** Events that wait for a slow observer; more of the kinds that may come in any number are left out. */
    static final int MAX_WAITING = 1_024;

    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    /** What happens once and has happened; guarded by itself. */
    private final List<SessionEvent> past = new ArrayList<>();

    private final Executor callbacks;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean flooded = new AtomicBoolean();

    Observers(Executor callbacks) {
        this.callbacks = callbacks;
    }

    /** Adds an observer; one that comes behind the opening or the end of the session is told of it all the same. */
    Subscription add(Consumer<? super SessionEvent> body) {
        Observer observer = new Observer(observers, body);
        List<SessionEvent> missed;
        synchronized (past) {
            observers.add(observer);
            missed = List.copyOf(past);
        }
        missed.forEach(event -> hand(event, List.of(observer)));
        return observer;
    }

    /** Tells all observers. Throws nothing: whoever has news goes on, whatever the executor does. */
    void tell(SessionEvent event) {
        boolean once = event instanceof SessionEvent.Opened || event instanceof SessionEvent.Closed;
        if (once) {
            List<Observer> present;
            synchronized (past) {
                past.add(event);
                present = List.copyOf(observers);
            }
            hand(event, present);
        } else if (waiting.get() >= MAX_WAITING) {
            leaveOut();
        } else {
            hand(event, observers);
        }
    }

    private void hand(SessionEvent event, List<Observer> whom) {
        if (whom.isEmpty()) {
            return;
        }
        waiting.incrementAndGet();
        try {
            callbacks.execute(() -> {
                waiting.decrementAndGet();
                whom.forEach(observer -> observer.take(event));
            });
        } catch (RuntimeException | Error rejected) {
            waiting.decrementAndGet();
            SessionLog.LOG.warn("observers not told: event={}", event, rejected);
        }
    }

    private void leaveOut() {
        if (flooded.compareAndSet(false, true)) {
            SessionLog.LOG.warn("events are left out: observers too slow, maxWaiting={}", MAX_WAITING);
        }
    }

    private static final class Observer extends Pausable {

        private final List<Observer> owner;
        private final Consumer<? super SessionEvent> body;

        Observer(List<Observer> owner, Consumer<? super SessionEvent> body) {
            this.owner = owner;
            this.body = body;
        }

        void take(SessionEvent event) {
            try {
                if (!isPaused() && owner.contains(this)) {
                    body.accept(event);
                }
            } catch (RuntimeException | Error failure) {
                SessionLog.LOG.error("observer failed: event={}", event, failure);
            }
        }

        @Override
        public void close() {
            owner.remove(this);
        }
    }
}
