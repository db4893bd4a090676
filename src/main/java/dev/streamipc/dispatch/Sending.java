package dev.streamipc.dispatch;

import java.util.ArrayList;
import java.util.List;

/**
 * Tasks on their way to a worker, all that one event gives it.
 *
 * @param life of the worker
 * @param tasks in their order; grows under the lock of the pool until it leaves
 */
record Sending(long life, Worker worker, List<Task<?>> tasks) {

    static Sending of(long life, Worker worker) {
        return new Sending(life, worker, new ArrayList<>(1));
    }
}
