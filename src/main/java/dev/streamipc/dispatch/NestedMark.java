package dev.streamipc.dispatch;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.session.MessageHandler;
import dev.streamipc.session.RequestHandler;
import org.jspecify.annotations.Nullable;

/** Says, on a thread that works for a task, to which pool that task belongs. */
final class NestedMark {

    private static final ThreadLocal<@Nullable Object> POOL = new ThreadLocal<>();

    private NestedMark() {}

    /** Says of a thread that it works for a pool, and that no task waits for it. */
    private record Beside(Object pool) {}

    static boolean isOf(Object pool) {
        return POOL.get() == pool;
    }

    /** Returns whether the calling thread works for a pool, be it for a task or not. */
    static boolean isWithin(Object pool) {
        return isOf(pool) || POOL.get() instanceof Beside beside && beside.pool() == pool;
    }

    /** Returns a handler that works for a pool. */
    static <M extends Message> MessageHandler<M> beside(Object pool, MessageHandler<M> handler) {
        return message -> {
            Object before = enter(new Beside(pool));
            try {
                handler.handle(message);
            } finally {
                leave(before);
            }
        };
    }

    /** From now on this thread works for tasks of a pool; returns what it did before, to be given back to {@link #leave}. */
    static @Nullable Object enter(Object pool) {
        Object before = POOL.get();
        POOL.set(pool);
        return before;
    }

    static void leave(@Nullable Object before) {
        if (before == null) {
            POOL.remove();
        } else {
            POOL.set(before);
        }
    }

    /** Returns a handler that works for a task of a pool. */
    static <T extends Request<R>, R extends Message> RequestHandler<T, R> around(
            Object pool, RequestHandler<T, R> handler) {
        return request -> {
            Object before = enter(pool);
            try {
                return handler.handle(request);
            } finally {
                leave(before);
            }
        };
    }
}
