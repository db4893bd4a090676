package dev.streamipc.process;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Ends a tree of processes in steps, each bounded: wait, close stdin, TERM, KILL. Holds no state of its own, so several
 * threads may climb at a time, and the one in the greatest hurry decides.
 */
final class StopLadder {

    static final Duration STDIN_GRACE = Duration.ofMillis(500);
    static final Duration TERM_GRACE = Duration.ofSeconds(2);

    /** KILL acts at once, but for a process inside a system call that can't be broken off. */
    static final Duration KILL_GRACE = Duration.ofSeconds(1);

    private final ProcessTree tree;
    private final Runnable closeStdin;
    private final Consumer<String> onSignal;

    /**
     * Makes a ladder.
     *
     * @param closeStdin returns at once; may run more than once
     * @param onSignal told the name of each signal before it is sent
     */
    StopLadder(ProcessTree tree, Runnable closeStdin, Consumer<String> onSignal) {
        this.tree = tree;
        this.closeStdin = closeStdin;
        this.onSignal = onSignal;
    }

    /** Returns whether all have ended. An interrupt skips to KILL; the flag is set again on return. */
    boolean climb(Duration drain) {
        try {
            return politely(drain) || kill();
        } catch (InterruptedException e) {
            boolean ended = killInHaste();
            Thread.currentThread().interrupt();
            return ended;
        }
    }

    private boolean politely(Duration drain) throws InterruptedException {
        tree.look();
        tree.awaitRoot(drain);
        tree.look();
        closeStdin.run();
        if (tree.awaitAll(STDIN_GRACE)) {
            return true;
        }
        tree.look();
        onSignal.accept("TERM");
        tree.signal(false);
        return tree.awaitAll(TERM_GRACE);
    }

    private boolean kill() throws InterruptedException {
        tree.look();
        onSignal.accept("KILL");
        tree.signal(true);
        return tree.awaitAll(KILL_GRACE);
    }

    private boolean killInHaste() {
        try {
            return kill();
        } catch (InterruptedException e) {
            // The second interrupt: the signal is sent, and waiting for its effect is not wanted.
            return tree.hasEnded();
        }
    }
}
