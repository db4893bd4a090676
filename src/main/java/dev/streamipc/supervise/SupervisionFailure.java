package dev.streamipc.supervise;

import java.time.Duration;

/** A failure that supervision itself tells. */
public abstract sealed class SupervisionFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final String path;

    private SupervisionFailure(String path, String text, Throwable cause) {
        super(text, cause);
        this.path = path;
    }

    private SupervisionFailure(String path, String text) {
        super(text);
        this.path = path;
    }

    /** Returns what a failure says, or its class if its own text fails. */
    static String text(Throwable failure) {
        try {
            return String.valueOf(failure);
        } catch (RuntimeException | Error mute) {
            return failure.getClass().getName();
        }
    }

    /**
     * Returns whom it is about.
     *
     * @return the names from the root on, with slashes between them
     */
    public final String path() {
        return path;
    }

    /** A supervisor has restarted as often as it may, and ended; the cause is the last failure, if there was one. */
    public static final class TooManyRestarts extends SupervisionFailure {

        private static final long serialVersionUID = 1L;

        TooManyRestarts(String path, int intensity, Duration period) {
            super(path, text(path, intensity, period));
        }

        TooManyRestarts(String path, int intensity, Duration period, Throwable last) {
            super(path, text(path, intensity, period), last);
        }

        private static String text(String path, int intensity, Duration period) {
            return "too many restarts: supervisor=" + path + ", intensity=" + intensity + ", periodMs="
                    + period.toMillis();
        }
    }

    /** A child did not start within its start limit, and was killed. */
    public static final class StartTimedOut extends SupervisionFailure {

        private static final long serialVersionUID = 1L;

        StartTimedOut(String path, Duration limit) {
            super(path, "not started within the limit: child=" + path + ", limitMs=" + limit.toMillis());
        }
    }

    /** The first start of a child failed; so the supervisor, or the child that was added, did not start either. */
    public static final class ChildNotStarted extends SupervisionFailure {

        private static final long serialVersionUID = 1L;

        ChildNotStarted(String path, Throwable cause) {
            super(path, "first start failed: child=" + path + ", failure=" + text(cause), cause);
        }
    }

    /** A child was removed, or its supervisor ended, before its start was over. */
    public static final class ChildGone extends SupervisionFailure {

        private static final long serialVersionUID = 1L;

        ChildGone(String path, String why) {
            super(path, why + ": child=" + path);
        }
    }
}
