package dev.streamipc.dispatch;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Things that are to be done in the order in which they were put in, whoever does them: one thread at a time, and none waits for
 * another. For all threads.
 */
final class InOrder<T> {

    private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wanted = new AtomicInteger();

    /** Puts something in; who does so sees to it that {@link #drain} is called later. */
    void add(T next) {
        waiting.add(next);
    }

    /** Does all that is there, unless somebody is about it: then that one does it. */
    void drain(Consumer<? super T> body) {
        if (wanted.getAndIncrement() > 0) {
            return;
        }
        int seen = 1;
        while (seen > 0) {
            T next = waiting.poll();
            while (next != null) {
                body.accept(next);
                next = waiting.poll();
            }
            seen = wanted.addAndGet(-seen);
        }
    }
}
