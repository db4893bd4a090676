package dev.streamipc.supervise;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What observers of a supervisor are told: about its children, about all below them, and about itself. */
public sealed interface SupervisionEvent {

    /**
     * Returns whom it is about.
     *
     * @return the names from the root on, with slashes between them
     */
    String path();

    /**
     * It has started; a supervisor: all its children have.
     *
     * @param path who
     */
    record Started(String path) implements SupervisionEvent {}

    /**
     * It has ended, for whatever reason.
     *
     * @param path who
     * @param failure what ended it; null if it ended in order
     */
    record Ended(String path, @Nullable Throwable failure) implements SupervisionEvent {}

    /**
     * It failed, and this is done about it.
     *
     * @param path who
     * @param failure why
     * @param action what is done; a first start that failed has no rules: STOP for a child that was added, else ESCALATE
     * @param rule the class whose rule decided; null if none did
     */
    record Failed(
            String path,
            Throwable failure,
            FailureAction action,
            @Nullable Class<? extends Throwable> rule) implements SupervisionEvent {}

    /**
     * It will be started again.
     *
     * @param path who
     * @param delay the wait from now on, if the siblings that have to stop first need no longer
     * @param restarts how often that has been so, with this time
     */
    record Restarting(String path, Duration delay, long restarts) implements SupervisionEvent {}

    /**
     * It did not start or stop in time, or can't be asked to stop: it is killed.
     *
     * @param path who
     * @param why in words
     */
    record Killed(String path, String why) implements SupervisionEvent {}

    /**
     * It was killed, its end was not told within the kill limit, and it is taken for ended. Perhaps it lives.
     *
     * @param path who
     */
    record Lost(String path) implements SupervisionEvent {}

    /**
     * A supervisor stops all its children and ends.
     *
     * @param path the supervisor
     * @param failure why
     */
    record GaveUp(String path, Throwable failure) implements SupervisionEvent {}

    /**
     * A child was added while the supervisor runs.
     *
     * @param path the child
     */
    record Added(String path) implements SupervisionEvent {}

    /**
     * A child has left the tree: it was removed, or is temporary and has ended.
     *
     * @param path the child
     */
    record Removed(String path) implements SupervisionEvent {}
}
