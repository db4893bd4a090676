package dev.streamipc.dispatch;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Accepts tasks and gives each to a worker. For all threads.
 *
 * <p><b>Every task ends</b>, with its answer or with one failure of the family {@code IpcFailure}; a task that is not taken gets
 * a failed future, never an exception. It is begun at most once, unless its options say {@link TaskOptions#idempotent}: only
 * what certainly was not begun goes silently to another worker.
 *
 * <p><b>Threads.</b> Futures complete on a thread that runs nothing of the user's; their dependents, callbacks and observers run on the
 * callback executor. They may call this dispatcher, and should not wait there.
 */
public interface Dispatcher extends AutoCloseable {

    /**
     * Hands in a task with the default options. Never blocks, unless the dispatcher waits for room: {@link QueueFull}.
     *
     * @param <R> the type of the answer
     * @param task of a type that the workers know
     * @return completes with the answer, or with an {@code IpcFailure}; a cancel of it ends the task as well as can be
     */
    default <R extends Message> CompletableFuture<R> call(Request<R> task) {
        return call(task, TaskOptions.DEFAULT);
    }

    /**
     * Hands in a task. Never blocks, unless it is to wait for room: {@link QueueFull}.
     *
     * @param <R> the type of the answer
     * @param task of a type that the workers know
     * @param options limits, key, priority and more
     * @return completes with the answer, or with an {@code IpcFailure}; a cancel of it ends the task as well as can be
     */
    <R extends Message> CompletableFuture<R> call(Request<R> task, TaskOptions options);

    /**
     * Hands in a task with the options of a call.
     *
     * @param <R> the type of the answer
     * @param task of a type that the workers know
     * @param options its deadline is that of the whole task
     * @return as with {@link TaskOptions}
     */
    default <R extends Message> CompletableFuture<R> call(Request<R> task, CallOptions options) {
        return call(task, TaskOptions.of(options));
    }

    /**
     * Hands in a call of a function by its name, with the default options. The same street as a task of a type of its own.
     *
     * @param <R> the type of the value
     * @param function the name under which the workers have registered it
     * @param type the type of the value; {@code Void.class} if it does not matter
     * @param arguments in the order of the function's parameters
     * @return completes with the value, null only if the function returned null, or with an {@code IpcFailure}
     */
    default <R> CompletableFuture<@Nullable R> call(String function, Class<R> type, @Nullable Object... arguments) {
        return call(function, type, TaskOptions.DEFAULT, arguments);
    }

    /**
     * Hands in a call of a function by its name.
     *
     * @param <R> the type of the value
     * @param function the name under which the workers have registered it
     * @param type the type of the value; {@code Void.class} if it does not matter
     * @param options limits, key, priority and more
     * @param arguments in the order of the function's parameters
     * @return completes with the value, null only if the function returned null, or with an {@code IpcFailure}
     */
    <R> CompletableFuture<@Nullable R> call(
            String function, Class<R> type, TaskOptions options, @Nullable Object... arguments);

    /**
     * Returns this dispatcher as an executor of named tasks: what is given to it is made by {@link RemoteTask}; anything else is
     * refused, since code does not travel. Shutting it down drains nothing and closes this dispatcher for new tasks of the
     * executor alone.
     *
     * @return a new view
     */
    ExecutorService asExecutor();

    /**
     * Returns what this kind of dispatcher can do.
     *
     * @return immutable
     */
    Set<Capability> capabilities();

    /**
     * Returns what was done so far and what waits.
     *
     * @return a snapshot
     */
    DispatcherStats stats();

    /**
     * Returns the workers.
     *
     * @return a snapshot, in the order of their names' numbers
     */
    List<WorkerSnapshot> workers();

    /**
     * Registers an observer of what becomes of workers.
     *
     * @param observer runs on the callback executor; must not block for long
     * @return pauses, resumes and removes it
     */
    Subscription events(Consumer<? super DispatcherEvent> observer);

    /**
     * Lets tasks with a poisoned key in again.
     *
     * @param key which
     * @return false if it was not poisoned
     */
    boolean pardon(String key);

    /**
     * Blocks until no accepted task is open.
     *
     * @param limit how long at most; a day at most
     * @return false if the time is up
     * @throws InterruptedException if the thread is interrupted
     */
    boolean awaitIdle(Duration limit) throws InterruptedException;

    /**
     * Takes no more tasks, waits until all that were accepted have ended, and closes the dispatcher. When the time is up those
     * that are left end as by {@link #close}.
     *
     * @param limit how long to wait for the tasks; a day at most
     * @return false if the time was up, or the wait was interrupted (the flag is set then)
     */
    boolean drain(Duration limit);

    /**
     * Takes no more tasks, ends those that wait ({@code SessionClosed}, QUEUED), gives those that run the close limit, and ends the
     * workers. Blocks until all is released; afterwards no thread, process, descriptor or file of it is left. Idempotent.
     * From inside a callback it returns at once and the rest follows.
     */
    @Override
    void close();
}
