package dev.streamipc.channel;

import java.io.IOException;

/**
 * How one side of a ring waits for the other: it looks again and again for a moment, then sleeps on a bell.
 *
 * <pre>
 *  who sleeps                  who wakes
 *  1 sleeps = 1                1 position = new
 *  2 fence                     2 fence
 *  3 look; something: go on    3 sleeps is 1: take it back, ring
 *  4 wait for the bell
 * </pre>
 *
 * Whatever the order of the two, either the look sees the position or the waker sees the flag.
 */
final class RingWait {

    private static final int TURNS_TO_YIELD = 64;

    private final SharedWords words;
    private final Bell bell;
    private final Side side;
    private final long spinNanos;

    /** What is waited for, and by whom. */
    interface Side {

        /** Returns how many bytes can be moved now. */
        int look() throws IOException;

        /** Says once more what this side has said to the other: somebody may have overwritten it. */
        void repeat();

        /** Returns the offset of the word that says that this side sleeps. */
        int sleeps();

        /** Returns the offset of the word that says that the other side is gone. */
        int gone();
    }

    RingWait(SharedWords words, Bell bell, Side side, long spinNanos) {
        this.words = words;
        this.bell = bell;
        this.side = side;
        this.spinNanos = spinNanos;
    }

    /** Blocks until bytes can be moved, and returns how many; 0 if the other side is gone and none ever can. */
    int await() throws IOException {
        int found = spin();
        return found > 0 ? found : sleep();
    }

    @SuppressWarnings(
            "ThreadPriorityCheck") // without it two sides on one core take turns at the system's pace: 52 us, not 6
    private int spin() throws IOException {
        long startNanos = 0;
        for (int turn = 1; spinNanos > 0; turn++) {
            int found = side.look();
            if (found > 0) {
                return found;
            }
            if (turn % TURNS_TO_YIELD != 0) {
                Thread.onSpinWait();
                continue;
            }
            long nowNanos = System.nanoTime();
            startNanos = startNanos == 0 ? nowNanos : startNanos;
            if (nowNanos - startNanos >= spinNanos) {
                break;
            }
            // the other side may need this very core
            Thread.yield();
        }
        return 0;
    }

    private int sleep() throws IOException {
        while (true) {
            words.set(side.sleeps(), 1);
            words.fence();
            // before the look: what was written before the end is still to be seen
            boolean over = isOver();
            int found = side.look();
            if (found > 0 || over) {
                awake();
                return found;
            }
            if (!bell.await()) {
                side.repeat();
            }
        }
    }

    private void awake() {
        if (words.swap(side.sleeps(), 0) == 0) {
            bell.forget();
        }
    }

    /** Returns whether the other side has said that it is gone, or was found dead. */
    boolean isOver() {
        return bell.isOver() || words.get(side.gone()) != 0;
    }

    /** Wakes the other side if it sleeps; its position was set before. */
    static void wake(SharedWords words, int sleeps, Bell bell) {
        words.fence();
        if (words.get(sleeps) != 0 && words.swap(sleeps, 0) != 0) {
            bell.ring();
        }
    }
}
