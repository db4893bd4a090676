package dev.streamipc.supervise;

import dev.streamipc.supervise.SupervisionEvent.Failed;
import dev.streamipc.supervise.SupervisionEvent.GaveUp;
import dev.streamipc.supervise.SupervisionEvent.Killed;
import dev.streamipc.supervise.SupervisionEvent.Lost;

/** Writes into the log what supervisors do. */
final class SupervisionLog {

    private SupervisionLog() {}

    static void write(SupervisionEvent event) {
        if (event instanceof Failed failed) {
            write(failed);
        } else if (event instanceof GaveUp gaveUp) {
            UsersCode.LOG.error(
                    "supervisor gives up: supervisor={}, failure={}", gaveUp.path(), line(gaveUp.failure()));
        } else if (event instanceof Killed killed) {
            UsersCode.LOG.warn("child is killed: child={}, why={}", killed.path(), killed.why());
        } else if (event instanceof Lost lost) {
            UsersCode.LOG.error("child outlives its kill and is given up for lost: child={}", lost.path());
        } else {
            UsersCode.LOG.debug("{}", event);
        }
    }

    /** Says what could not be done. Throws nothing: what throws there already may be the logger. */
    static void trouble(String path, Object what, Throwable failure) {
        try {
            UsersCode.LOG.error("supervisor is in trouble: supervisor={}, at={}", path, what, failure);
        } catch (RuntimeException | Error unsaid) {
            // whoever can't log has nowhere to say so, and the supervisor has to go on
        }
    }

    private static void write(Failed failed) {
        Class<?> rule = failed.rule();
        UsersCode.LOG.warn(
                "child failed: child={}, action={}, rule={}, failure={}",
                failed.path(),
                failed.action(),
                rule == null ? "none, this is the default" : rule.getName(),
                line(failed.failure()));
        UsersCode.LOG.debug("{}", failed, failed.failure());
    }

    /** One line a failure: its stack is for those who ask for more. */
    private static String line(Throwable failure) {
        return SupervisionFailure.text(failure).lines().findFirst().orElse("");
    }
}
