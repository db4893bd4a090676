package dev.streamipc.dispatch;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What observers of a dispatcher are told, on its callback executor, in order. */
public sealed interface DispatcherEvent {

    /**
     * Returns whom it is about.
     *
     * @return the name of a worker
     */
    String worker();

    /**
     * A worker was started and is not ready yet.
     *
     * @param worker its name
     * @param attempt how often that has been so under this name, 1 or more
     */
    record Started(String worker, long attempt) implements DispatcherEvent {}

    /**
     * A worker is ready for tasks, its start task has run.
     *
     * @param worker its name
     * @param pid its process; empty if it is a thread
     * @param startup the time since it was started
     */
    record Ready(String worker, OptionalLong pid, Duration startup) implements DispatcherEvent {}

    /**
     * A worker ended by itself, or did not get ready.
     *
     * @param worker its name
     * @param pid its process; empty if it is a thread, or there never was a process
     * @param failure how; {@code ChildDied} and {@code StartFailed} have the exit report
     */
    record Died(String worker, OptionalLong pid, Throwable failure) implements DispatcherEvent {}

    /**
     * A worker was killed because it did not hear a cancel within the grace.
     *
     * @param worker its name
     * @param pid its process
     * @param task what it ran
     * @param grace the time that it was given
     */
    record Killed(String worker, OptionalLong pid, String task, Duration grace) implements DispatcherEvent {}

    /**
     * A worker that is a thread was left behind, because its task did not hear a cancel and an interrupt within the grace. It is
     * replaced, and goes on until its task ends by itself.
     *
     * @param worker its name
     * @param task what it ran
     * @param grace the time that it was given
     */
    record Abandoned(String worker, String task, Duration grace) implements DispatcherEvent {}

    /**
     * A worker is replaced in good order; its replacement is ready.
     *
     * @param worker its name
     * @param pid its process; empty if it is a thread
     * @param reason why
     * @param facts the numbers behind the reason
     */
    record Recycled(String worker, OptionalLong pid, RestartReason reason, String facts) implements DispatcherEvent {}

    /**
     * A worker has ended for good: the dispatcher shrinks, has replaced it, or ends.
     *
     * @param worker its name
     * @param pid its process; empty if it is a thread, or has ended before
     */
    record Stopped(String worker, OptionalLong pid) implements DispatcherEvent {}

    /**
     * A worker was started too often in too short a time: it pauses. While all pause, tasks are {@code Rejected}, BREAKER_OPEN.
     *
     * @param worker its name
     * @param failure the last one; null if there is none
     */
    record Tripped(String worker, @Nullable Throwable failure) implements DispatcherEvent {}

    /**
     * A worker takes nothing: its channel has not moved for the stall limit.
     *
     * @param worker its name
     * @param pid its process
     * @param since how long
     */
    record Stalled(String worker, OptionalLong pid, Duration since) implements DispatcherEvent {}
}
