package dev.streamipc.dispatch;

import dev.streamipc.message.Message;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.Progress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How one task is run. Immutable; each method that sets something returns a copy.
 *
 * @param call deadline, progress and memory for attachments; the deadline is that of the whole task, from now to its outcome;
 *     null for the dispatcher's default
 * @param queueLimit the longest wait for a worker; null for the dispatcher's default
 * @param runLimit the longest time on a worker; null for the dispatcher's default
 * @param attempts on how many workers, one after the other, it may be begun; 1 unless it is {@link #idempotent}
 * @param key what it belongs to: tasks of one key go to the same worker as long as it lives; null for none
 * @param priority which of the waiting tasks is next
 * @param queueFull what to do if the queue is full; null for the dispatcher's default
 */
public record TaskOptions(
        CallOptions call,
        @Nullable Duration queueLimit,
        @Nullable Duration runLimit,
        int attempts,
        @Nullable String key,
        Priority priority,
        @Nullable QueueFull queueFull) {

    /** 16 workers. */
    public static final int MAX_ATTEMPTS = 16;
    /** 256 characters. */
    public static final int MAX_KEY_CHARS = 256;

    /** The dispatcher's defaults, begun once, without a key. */
    public static final TaskOptions DEFAULT =
            new TaskOptions(CallOptions.DEFAULT, null, null, 1, null, Priority.NORMAL, null);

    /** Checks the ranges. */
    public TaskOptions {
        Objects.requireNonNull(call, "call");
        Objects.requireNonNull(priority, "priority");
        checkLimit("queueLimit", queueLimit);
        checkLimit("runLimit", runLimit);
        if (attempts < 1 || attempts > MAX_ATTEMPTS) {
            throw new IllegalArgumentException(
                    "attempts out of range: attempts=" + attempts + ", least=1, most=" + MAX_ATTEMPTS);
        }
        if (key != null && (key.isEmpty() || key.length() > MAX_KEY_CHARS)) {
            throw new IllegalArgumentException(
                    "key is empty or too long: chars=" + key.length() + ", maxChars=" + MAX_KEY_CHARS);
        }
    }

    private static void checkLimit(String name, @Nullable Duration limit) {
        if (limit != null && (limit.isNegative() || limit.isZero() || limit.compareTo(CallOptions.MAX_DEADLINE) > 0)) {
            throw new IllegalArgumentException("limit out of range: " + name + "Ms="
                    + TimeUnit.MILLISECONDS.convert(limit) + ", maxMs=" + CallOptions.MAX_DEADLINE.toMillis()
                    + "; give more than zero and at most a day");
        }
    }

    /**
     * Returns options like those of a call.
     *
     * @param call its deadline is that of the whole task
     * @return the options
     */
    public static TaskOptions of(CallOptions call) {
        return DEFAULT.call(call);
    }

    /**
     * Returns options with a deadline of the whole task: from now to its outcome.
     *
     * @param deadline more than zero, at most a day
     * @return the options
     * @throws IllegalArgumentException if it is out of range
     */
    public static TaskOptions deadline(Duration deadline) {
        return of(CallOptions.deadline(deadline));
    }

    private TaskOptions call(CallOptions other) {
        return new TaskOptions(other, queueLimit, runLimit, attempts, key, priority, queueFull);
    }

    /**
     * Returns the same options with a limit of the wait for a worker: then the task ends as {@code DeadlinePassed}, QUEUED.
     *
     * @param limit more than zero, at most a day
     * @return the options
     * @throws IllegalArgumentException if it is out of range
     */
    public TaskOptions queueLimit(Duration limit) {
        return new TaskOptions(call, limit, runLimit, attempts, key, priority, queueFull);
    }

    /**
     * Returns the same options with a limit of the time on a worker: then the task ends as {@code DeadlinePassed}, is
     * cancelled, and if that does not help within the dispatcher's grace its worker is killed.
     *
     * @param limit more than zero, at most a day
     * @return the options
     * @throws IllegalArgumentException if it is out of range
     */
    public TaskOptions runLimit(Duration limit) {
        return new TaskOptions(call, queueLimit, limit, attempts, key, priority, queueFull);
    }

    /**
     * Returns the same options, for a task that does no harm if it is begun again: when its worker dies it is given to another.
     * What the handler throws is its outcome and not tried again.
     *
     * @param workers how many may begin it, 1 to {@link #MAX_ATTEMPTS}; the second that it ends is the last
     * @return the options
     * @throws IllegalArgumentException if it is out of range
     */
    public TaskOptions idempotent(int workers) {
        return new TaskOptions(call, queueLimit, runLimit, workers, key, priority, queueFull);
    }

    /**
     * Returns the same options with a key. Tasks of one key go to the same worker as long as it lives, and wait for it. When
     * they have ended two workers the key is poisoned: later tasks with it are {@code Rejected}, until {@link Dispatcher#pardon},
     * or until it is an hour since, or 1,024 other keys have ended workers since.
     *
     * @param name 1 to {@link #MAX_KEY_CHARS} characters
     * @return the options
     * @throws IllegalArgumentException if it is empty or too long
     */
    public TaskOptions key(String name) {
        return new TaskOptions(call, queueLimit, runLimit, attempts, Objects.requireNonNull(name), priority, queueFull);
    }

    /**
     * Returns the same options with a priority.
     *
     * @param value which of the waiting tasks is next
     * @return the options
     */
    public TaskOptions priority(Priority value) {
        return new TaskOptions(call, queueLimit, runLimit, attempts, key, value, queueFull);
    }

    /**
     * Returns the same options with another policy for a full queue.
     *
     * @param policy what to do
     * @return the options
     */
    public TaskOptions queueFull(QueueFull policy) {
        return new TaskOptions(call, queueLimit, runLimit, attempts, key, priority, policy);
    }

    /**
     * Returns the same options, with word of the start: a failure says then whether the handler was entered. Costs a small frame;
     * workers that are given several tasks at a time always say it.
     *
     * @return the options
     */
    public TaskOptions tellingStarted() {
        return call(call.tellingStarted());
    }

    /**
     * Returns the same options, with a callback for the progress of the task: in order, one update at a time and none after
     * the outcome, as {@link CallOptions#onProgress} says.
     *
     * @param <P> the type of the updates
     * @param type the type of the updates
     * @param callback must not block for long
     * @return the options
     */
    public <P extends Message> TaskOptions onProgress(Class<P> type, Consumer<? super Progress<P>> callback) {
        return call(call.onProgress(type, callback));
    }
}
