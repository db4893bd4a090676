package dev.streamipc.dispatch;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.Request;
import dev.streamipc.supervise.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What dispatchers of all kinds can be told. Used by one thread.
 *
 * @param <B> the kind of builder
 */
public abstract class DispatcherBuilder<B extends DispatcherBuilder<B>> {

    /** 1,024 tasks. */
    public static final int DEFAULT_QUEUE_CAPACITY = SettingsDraft.QUEUE_CAPACITY;
    /** 30 seconds. */
    public static final Duration DEFAULT_RUN_LIMIT = SettingsDraft.RUN_LIMIT;
    /** 2 seconds. */
    public static final Duration DEFAULT_GRACE = SettingsDraft.GRACE;
    /** 20 milliseconds. */
    public static final Duration DEFAULT_GROW_AFTER = SettingsDraft.GROW_AFTER;
    /** 1 minute. */
    public static final Duration DEFAULT_IDLE_LIMIT = SettingsDraft.IDLE_LIMIT;
    /** 5 seconds. */
    public static final Duration DEFAULT_CLOSE_LIMIT = SettingsDraft.CLOSE_LIMIT;
    /** 5 restarts. */
    public static final int DEFAULT_RESTARTS = SettingsDraft.RESTARTS;
    /** 10 seconds. */
    public static final Duration DEFAULT_RESTART_PERIOD = SettingsDraft.RESTART_PERIOD;
    /** 5 seconds. */
    public static final Duration DEFAULT_PAUSE = SettingsDraft.PAUSE;
    /** 1 worker. */
    public static final int DEFAULT_OVERFLOW = SettingsDraft.OVERFLOW;
    /** 1,000 workers. */
    public static final int MAX_WORKERS = SettingsDraft.MAX_WORKERS;
    /** 4,096 tasks. */
    public static final int MAX_PREFETCH = SettingsDraft.MAX_PREFETCH;

    final SettingsDraft draft = new SettingsDraft();
    private final List<Consumer<? super DispatcherEvent>> observers = new ArrayList<>();
    private Optional<Executor> callbackExecutor = Optional.empty();
    private Scheduler scheduler = Scheduler.ofThisJvm();
    private @Nullable Request<?> startTask;

    DispatcherBuilder() {}

    abstract B self();

    /**
     * Sets what the workers are called: {@code <name>-1} and so on, in events, logs and thread names. Default: {@code worker}.
     *
     * @param value not empty, without a slash
     * @return this
     */
    public B name(String value) {
        draft.name = Objects.requireNonNull(value, "value");
        return self();
    }

    /**
     * Sets a fixed number of workers. Default: one less than there are processors, at least one.
     *
     * @param count 1 to {@link #MAX_WORKERS}
     * @return this
     */
    public B workers(int count) {
        return workers(count, count);
    }

    /**
     * Sets between how many workers there are. More are started when a task has waited, and ended when they have long had nothing to
     * do.
     *
     * @param least 1 or more; {@code build} returns when so many are ready
     * @param most at least {@code least}, at most {@link #MAX_WORKERS}
     * @return this
     */
    public B workers(int least, int most) {
        draft.min = least;
        draft.max = most;
        return self();
    }

    /**
     * Sets how many idle workers are kept ready beyond those that work, as long as there are less than the most. Default: 0.
     *
     * @param count 0 or more
     * @return this
     */
    public B spares(int count) {
        draft.spares = count;
        return self();
    }

    /**
     * Sets how many tasks a worker is given at a time. Default: 1, so that a crash leaves at most one task unsure. With more, work
     * overlaps with its way there and back, for throughput; the workers tell when they begin a task, and what was not begun when
     * one dies goes silently to another.
     *
     * @param count 1 to {@link #MAX_PREFETCH}
     * @return this
     */
    public B prefetch(int count) {
        draft.prefetch = count;
        return self();
    }

    /**
     * Sets how many tasks may wait for a worker. Default: {@link #DEFAULT_QUEUE_CAPACITY}.
     *
     * @param count 0 or more
     * @return this
     */
    public B queueCapacity(int count) {
        draft.queueCapacity = count;
        return self();
    }

    /**
     * Sets what becomes of tasks that find the queue full. Default: {@link QueueFull#REJECT}.
     *
     * @param policy for all tasks; a task may have its own
     * @return this
     */
    public B queueFull(QueueFull policy) {
        draft.queueFull = Objects.requireNonNull(policy, "policy");
        return self();
    }

    /**
     * Sets for how long a task has to wait before another worker is started. Default: {@link #DEFAULT_GROW_AFTER}.
     *
     * @param wait zero or more, at most a day
     * @return this
     */
    public B growAfter(Duration wait) {
        draft.growAfter = Objects.requireNonNull(wait, "wait");
        return self();
    }

    /**
     * Limits the wait for a worker, of tasks that set no limit. Default: none but the deadline, or a day.
     *
     * @param limit more than zero, at most a day
     * @return this
     */
    public B queueLimit(Duration limit) {
        draft.queueLimit = Objects.requireNonNull(limit, "limit");
        return self();
    }

    /**
     * Limits the time on a worker, of tasks that set no limit. Default: {@link #DEFAULT_RUN_LIMIT}.
     *
     * @param limit more than zero, at most a day
     * @return this
     */
    public B runLimit(Duration limit) {
        draft.runLimit = Objects.requireNonNull(limit, "limit");
        return self();
    }

    /**
     * Limits the whole time of tasks that set no deadline, waiting and running, on however many workers. Default: none but
     * those for waiting and running.
     *
     * @param limit more than zero, at most a day
     * @return this
     */
    public B deadline(Duration limit) {
        draft.deadline = Objects.requireNonNull(limit, "limit");
        return self();
    }

    /**
     * Sets how long a worker has to end a task that was given up: cancelled, or out of time. Then it is killed and replaced, where
     * workers can be. Default: {@link #DEFAULT_GRACE}.
     *
     * @param limit more than zero, at most a day
     * @return this
     */
    public B grace(Duration limit) {
        draft.grace = Objects.requireNonNull(limit, "limit");
        return self();
    }

    /**
     * Sets how long a worker beyond the least number may have nothing to do. Default: {@link #DEFAULT_IDLE_LIMIT}.
     *
     * @param limit more than zero, at most a day
     * @return this
     */
    public B idleLimit(Duration limit) {
        draft.idleLimit = Objects.requireNonNull(limit, "limit");
        return self();
    }

    /**
     * Sets how long {@link Dispatcher#close} lets tasks that run go on. Default: {@link #DEFAULT_CLOSE_LIMIT}.
     *
     * @param limit zero or more, at most a day
     * @return this
     */
    public B closeLimit(Duration limit) {
        draft.closeLimit = Objects.requireNonNull(limit, "limit");
        return self();
    }

    /**
     * Has each worker replaced when it has run so many tasks, up to a tenth less by chance. Default: never.
     *
     * @param count 1 or more; 0 for never
     * @return this
     */
    public B recycleAfterTasks(long count) {
        draft.maxTasks = count;
        return self();
    }

    /**
     * Has each worker replaced when it is so old, up to a tenth less by chance. Default: never.
     *
     * @param age more than zero, at most a day
     * @return this
     */
    public B recycleAfter(Duration age) {
        draft.maxAge = Objects.requireNonNull(age, "age");
        return self();
    }

    /**
     * Sets how many workers beyond the most may be started for tasks that a task of this dispatcher asks for, while all others
     * have work: else each would wait for the other. Default: {@link #DEFAULT_OVERFLOW}; beyond, such a task is {@code Rejected}, NESTED.
     *
     * @param count 0 or more
     * @return this
     */
    public B overflow(int count) {
        draft.overflow = count;
        return self();
    }

    /**
     * Limits how often a worker is started again. One more and it pauses; while all pause, tasks are {@code Rejected},
     * BREAKER_OPEN. Default: {@link #DEFAULT_RESTARTS} within {@link #DEFAULT_RESTART_PERIOD}.
     *
     * @param count 0 or more
     * @param within more than zero, at most a day
     * @return this
     */
    public B restarts(int count, Duration within) {
        draft.restarts = count;
        draft.restartPeriod = Objects.requireNonNull(within, "within");
        return self();
    }

    /**
     * Sets the wait before a worker that ended is started again; while {@code build} waits for the first, 50 ms at most. Default:
     * {@link Backoff#DEFAULT}.
     *
     * @param value the backoff
     * @return this
     */
    public B backoff(Backoff value) {
        draft.backoff = Objects.requireNonNull(value, "value");
        return self();
    }

    /**
     * Sets how long a worker pauses that was started too often; twice as long each time, up to eight times. Default: {@link
     * #DEFAULT_PAUSE}.
     *
     * @param first more than zero, at most an hour
     * @return this
     */
    public B pause(Duration first) {
        draft.pause = Objects.requireNonNull(first, "first");
        return self();
    }

    /**
     * Sets a task that each worker runs before it is given others. If it fails, or takes longer than the start limit, the start
     * has failed. Default: none.
     *
     * @param task of a type that the workers know
     * @return this
     */
    public B startTask(Request<?> task) {
        startTask = Objects.requireNonNull(task, "task");
        return self();
    }

    /**
     * Sets where dependents of futures, callbacks and observers run. Default: one thread of the dispatcher, in order.
     *
     * @param executor must not run tasks on the calling thread
     * @return this
     */
    public B callbackExecutor(Executor executor) {
        callbackExecutor = Optional.of(Objects.requireNonNull(executor, "executor"));
        return self();
    }

    /**
     * Registers an observer of what becomes of workers, from before the first of them is started, so that it misses nothing.
     * {@link Dispatcher#events} registers more of them later.
     *
     * @param observer runs on the callback executor; must not block for long
     * @return this
     */
    public B events(Consumer<? super DispatcherEvent> observer) {
        observers.add(Objects.requireNonNull(observer, "observer"));
        return self();
    }

    B scheduler(Scheduler timer) {
        scheduler = timer;
        return self();
    }

    Optional<Executor> callbackExecutor() {
        return callbackExecutor;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    @Nullable
    Request<?> startTask() {
        return startTask;
    }

    /**
     * Makes the dispatcher. Blocks until the least number of workers is ready.
     *
     * @return takes tasks
     * @throws dev.streamipc.message.StartFailed if the workers can't be started, or fail to start as often as restarts are allowed;
     *     with the command, the exit report and the last lines of stderr of the last
     * @throws IllegalArgumentException if something is out of range or contradicts something else; the text says what
     */
    public abstract Dispatcher build();

    List<Consumer<? super DispatcherEvent>> observers() {
        return observers;
    }

    PoolSettings settings() {
        return draft.settings();
    }
}
