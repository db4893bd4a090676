package dev.streamipc.callback;

import java.util.concurrent.Executor;

/** The user's callback executor, and the knowledge whether the calling thread is running one of our callbacks on it. */
public final class UsersCallbacks implements Executor {

    private final Executor executor;
    private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

    /**
     * Makes the view.
     *
     * @param executor runs the callbacks
     */
    public UsersCallbacks(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(() -> run(task));
    }

    private void run(Runnable task) {
        if (inside.get()) {
            task.run();
            return;
        }
        inside.set(true);
        try {
            task.run();
        } finally {
            // a thread of the user's keeps nothing of a session that is over
            inside.remove();
        }
    }

    /**
     * Returns whether a callback is running on the calling thread.
     *
     * @return true inside one
     */
    public boolean isCurrent() {
        boolean isInside = inside.get();
        if (!isInside) {
            inside.remove();
        }
        return isInside;
    }
}
