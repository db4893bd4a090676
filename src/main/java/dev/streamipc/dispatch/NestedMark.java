package dev.streamipc.dispatch;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.session.RequestHandler;
import org.jspecify.annotations.Nullable;

/** Says, on a thread that works for a task, to which pool that task belongs. */
final class NestedMark {

    private static final ThreadLocal<@Nullable Object> POOL = new ThreadLocal<>();

    private NestedMark() {}

    static boolean isOf(Object pool) {
        return POOL.get() == pool;
    }

    /** Returns a handler that works for a task of a pool. */
    static <T extends Request<R>, R extends Message> RequestHandler<T, R> around(
            Object pool, RequestHandler<T, R> handler) {
        return request -> {
            Object before = POOL.get();
            POOL.set(pool);
            try {
                return handler.handle(request);
            } finally {
                if (before == null) {
                    POOL.remove();
                } else {
                    POOL.set(before);
                }
            }
        };
    }
}
