package dev.streamipc.session;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Tells the observers of a session what happens, on the callback executor. For all threads. */
final class Observers {

    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    private final Executor callbacks;

    Observers(Executor callbacks) {
        this.callbacks = callbacks;
    }

    Subscription add(Consumer<? super SessionEvent> body) {
        Observer observer = new Observer(observers, body);
        observers.add(observer);
        return observer;
    }

    void tell(SessionEvent event) {
        if (!observers.isEmpty()) {
            callbacks.execute(() -> observers.forEach(observer -> observer.take(event)));
        }
    }

    private static final class Observer implements Subscription {

        private final List<Observer> owner;
        private final Consumer<? super SessionEvent> body;
        private volatile boolean paused;

        Observer(List<Observer> owner, Consumer<? super SessionEvent> body) {
            this.owner = owner;
            this.body = body;
        }

        void take(SessionEvent event) {
            try {
                if (!paused) {
                    body.accept(event);
                }
            } catch (RuntimeException | Error failure) {
                SessionLog.LOG.error("observer failed: event={}", event, failure);
            }
        }

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
        }

        @Override
        public void close() {
            owner.remove(this);
        }
    }
}
