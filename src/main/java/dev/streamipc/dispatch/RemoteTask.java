package dev.streamipc.dispatch;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A task for {@link Dispatcher#asExecutor}. It runs nowhere but there: called by itself it throws.
 *
 * @param <R> the type of the outcome
 */
public final class RemoteTask<R> implements Callable<R> {

    private final Function<Dispatcher, CompletableFuture<R>> start;
    private final String label;

    private RemoteTask(String label, Function<Dispatcher, CompletableFuture<R>> start) {
        this.label = label;
        this.start = start;
    }

    /**
     * Makes a task of a request.
     *
     * @param <R> the type of the answer
     * @param request of a type that the workers know
     * @param options limits, key, priority and more
     * @return the task; may be submitted many times
     */
    public static <R extends Message> RemoteTask<R> of(Request<R> request, TaskOptions options) {
        Objects.requireNonNull(request, "request");
        return new RemoteTask<>(TaskLabel.of(request), dispatcher -> dispatcher.call(request, options));
    }

    /**
     * Makes a task of a request, with the default options.
     *
     * @param <R> the type of the answer
     * @param request of a type that the workers know
     * @return the task; may be submitted many times
     */
    public static <R extends Message> RemoteTask<R> of(Request<R> request) {
        return of(request, TaskOptions.DEFAULT);
    }

    /**
     * Makes a task of a function's name and arguments.
     *
     * @param <R> the type of the value
     * @param function the name under which the workers have registered it
     * @param type the type of the value
     * @param arguments in the order of the function's parameters
     * @return the task; may be submitted many times
     */
    public static <R> RemoteTask<@Nullable R> of(String function, Class<R> type, @Nullable Object... arguments) {
        return of(function, type, TaskOptions.DEFAULT, arguments);
    }

    /**
     * Makes a task of a function's name and arguments, with options.
     *
     * @param <R> the type of the value
     * @param function the name under which the workers have registered it
     * @param type the type of the value
     * @param options limits, key, priority and more
     * @param arguments in the order of the function's parameters
     * @return the task; may be submitted many times
     */
    public static <R> RemoteTask<@Nullable R> of(
            String function, Class<R> type, TaskOptions options, @Nullable Object... arguments) {
        @Nullable Object[] copied = arguments.clone();
        return new RemoteTask<>(function, dispatcher -> dispatcher.call(function, type, options, copied));
    }

    CompletableFuture<R> startOn(Dispatcher dispatcher) {
        return start.apply(dispatcher);
    }

    /**
     * Throws: a remote task does nothing by itself.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public R call() {
        throw new UnsupportedOperationException(
                "a remote task runs on the workers of a dispatcher: task=" + label + "; submit it to asExecutor()");
    }

    /**
     * Returns this task for those who want no outcome of it, such as {@link java.util.concurrent.Executor#execute}. Run by itself
     * it throws as {@link #call} does.
     *
     * @return may be executed many times
     */
    public Runnable asRunnable() {
        return new Unasked(this);
    }

    /** A task whose outcome nobody asks for. */
    record Unasked(RemoteTask<?> task) implements Runnable {

        @Override
        public void run() {
            task.call();
        }
    }

    /**
     * Returns the name of the task.
     *
     * @return for logs
     */
    @Override
    public String toString() {
        return "RemoteTask[" + label + "]";
    }
}
