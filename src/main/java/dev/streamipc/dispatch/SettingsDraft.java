package dev.streamipc.dispatch;

import dev.streamipc.supervise.Backoff;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The settings of a pool as a builder collects them, unchecked. Used by one thread. */
final class SettingsDraft {

    static final int QUEUE_CAPACITY = 1_024;
    static final Duration RUN_LIMIT = Duration.ofSeconds(30);
    static final Duration GRACE = Duration.ofSeconds(2);
    static final Duration GROW_AFTER = Duration.ofMillis(20);
    static final Duration IDLE_LIMIT = Duration.ofMinutes(1);
    static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    static final int RESTARTS = 5;
    static final Duration RESTART_PERIOD = Duration.ofSeconds(10);
    static final Duration PAUSE = Duration.ofSeconds(5);
    static final int OVERFLOW = 1;
    static final int MAX_WORKERS = 1_000;
    static final int MAX_PREFETCH = 4_096;

    String name = "worker";
    int min = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    int max = min;
    int spares;
    int overflow = OVERFLOW;
    int prefetch = 1;
    int queueCapacity = QUEUE_CAPACITY;
    QueueFull queueFull = QueueFull.REJECT;
    Duration growAfter = GROW_AFTER;

    @Nullable
    Duration queueLimit;

    Duration runLimit = RUN_LIMIT;

    @Nullable
    Duration deadline;

    Duration grace = GRACE;
    Duration idleLimit = IDLE_LIMIT;
    Duration closeLimit = CLOSE_LIMIT;
    long maxTasks;

    @Nullable
    Duration maxAge;

    int restarts = RESTARTS;
    Duration restartPeriod = RESTART_PERIOD;
    Backoff backoff = Backoff.DEFAULT;
    Duration pause = PAUSE;
    long maxResidentBytes;

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if something is out of range or contradicts something else; the text says what
     */
    PoolSettings settings() {
        Ranges.require(!name.isBlank() && name.indexOf('/') < 0, "name is empty or has a slash: name=" + name);
        Ranges.require(
                min >= 1 && max >= min && max <= MAX_WORKERS,
                "workers out of range: least=" + min + ", most=" + max + ", limit=" + MAX_WORKERS);
        Ranges.require(spares >= 0 && spares <= max, "spares out of range: spares=" + spares + ", most=" + max);
        Ranges.require(overflow >= 0 && overflow <= MAX_WORKERS, "overflow out of range: overflow=" + overflow);
        Ranges.require(
                prefetch >= 1 && prefetch <= MAX_PREFETCH,
                "prefetch out of range: prefetch=" + prefetch + ", limit=" + MAX_PREFETCH);
        Ranges.require(queueCapacity >= 0, "queueCapacity is negative: queueCapacity=" + queueCapacity);
        Ranges.require(maxTasks >= 0, "recycleAfterTasks is negative: tasks=" + maxTasks);
        Ranges.require(maxResidentBytes >= 0, "recycleAtResidentBytes is negative: bytes=" + maxResidentBytes);
        Ranges.require(restarts >= 0, "restarts is negative: restarts=" + restarts);
        return new PoolSettings(
                name,
                new PoolSettings.Size(min, max, spares, overflow, prefetch),
                new PoolSettings.Queueing(
                        queueCapacity,
                        queueFull,
                        Ranges.zeroOrMore("growAfter", growAfter).toNanos()),
                new PoolSettings.Times(
                        queueLimit == null ? null : Ranges.positive("queueLimit", queueLimit),
                        Ranges.positive("runLimit", runLimit),
                        deadline == null ? null : Ranges.positive("deadline", deadline),
                        Ranges.positive("grace", grace),
                        Ranges.positive("idleLimit", idleLimit),
                        Ranges.zeroOrMore("closeLimit", closeLimit)),
                new PoolSettings.Recycling(
                        maxTasks, maxAge == null ? null : Ranges.positive("recycleAfter", maxAge), maxResidentBytes),
                new PoolSettings.Restarts(restarts, Ranges.positive("restarts", restartPeriod), backoff, pause()));
    }

    private Duration pause() {
        Ranges.require(
                Ranges.positive("pause", pause).compareTo(Duration.ofHours(1)) <= 0,
                "pause is over an hour: pauseMs=" + TimeUnit.MILLISECONDS.convert(pause));
        return pause;
    }
}
