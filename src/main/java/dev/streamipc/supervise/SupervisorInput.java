package dev.streamipc.supervise;

import org.jspecify.annotations.Nullable;

/** What may happen to a supervisor, in any order and from any thread. */
sealed interface SupervisorInput {

    record Start() implements SupervisorInput {}

    record Stop() implements SupervisorInput {}

    record Kill() implements SupervisorInput {}

    /** A child is to be added; the ticket gets an answer when it has started. */
    record Add(ChildSpec spec, long ticket) implements SupervisorInput {}

    /** A child is to be removed; the ticket gets an answer when it is gone. */
    record Remove(String name, long ticket) implements SupervisorInput {}

    record LifeStarted(long life) implements SupervisorInput {}

    record LifeFailing(long life, Throwable failure) implements SupervisorInput {}

    record LifeEnded(long life, @Nullable Throwable failure) implements SupervisorInput {}

    /** A child can't be asked to stop. */
    record StopFailed(long life) implements SupervisorInput {}

    /** Perhaps something is due. */
    record TimeUp() implements SupervisorInput {}
}
