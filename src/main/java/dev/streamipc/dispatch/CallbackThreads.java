package dev.streamipc.dispatch;

import dev.streamipc.callback.SerialExecutor;
import dev.streamipc.callback.UsersCallbacks;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Where a dispatcher runs the user's callbacks, and what is done aside; knows whether it is there. For all threads. */
final class CallbackThreads {

    private final Executor users;
    private final SerialExecutor aside;
    private final Object mark;

    /**
     * Makes them.
     *
     * @param wanted the user's executor
     * @param mark of a thread that works for this dispatcher
     */
    CallbackThreads(String name, Optional<Executor> wanted, Object mark) {
        users = wanted.<Executor>map(UsersCallbacks::new)
                .orElseGet(() -> new SerialExecutor("streamipc-dispatch-callback-" + name));
        aside = new SerialExecutor("streamipc-dispatch-" + name);
        this.mark = mark;
    }

    Executor users() {
        return users;
    }

    Executor aside() {
        return aside;
    }

    /** Returns whether the dispatcher waits for the calling thread, which so must not wait for the dispatcher. */
    boolean isCurrent() {
        boolean isUsers = users instanceof SerialExecutor own ? own.isCurrent() : ((UsersCallbacks) users).isCurrent();
        return isUsers || aside.isCurrent() || NestedMark.isWithin(mark);
    }

    void retire() {
        aside.retire();
        if (users instanceof SerialExecutor own) {
            own.retire();
        }
    }
}
