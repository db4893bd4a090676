package dev.streamipc.supervise;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How one child is started, stopped and started again. Immutable; made by a {@link Builder}. */
public final class ChildSpec {

    /** 30 s. */
    public static final Duration DEFAULT_START_LIMIT = Duration.ofSeconds(30);
    /** 5 s, as in Erlang/OTP. */
    public static final Duration DEFAULT_STOP_LIMIT = Duration.ofSeconds(5);
    /** 5 s. */
    public static final Duration DEFAULT_KILL_LIMIT = Duration.ofSeconds(5);

    private final String name;
    private final Function<Surroundings, ? extends Supervised> maker;
    private final RestartType restart;
    private final Duration startLimit;
    private final Duration stopLimit;
    private final Duration killLimit;
    private final @Nullable Supplier<Backoff> backoff;

    private ChildSpec(Builder builder) {
        name = builder.name;
        maker = builder.maker;
        restart = builder.restart;
        startLimit = builder.startLimit;
        stopLimit = builder.stopLimit;
        killLimit = builder.killLimit;
        backoff = builder.backoff;
    }

    /**
     * Returns a builder.
     *
     * @param name what the child is called, once among its siblings; not empty, without a slash
     * @param maker makes a new one for each start; runs on the executor, its time is part of the start
     * @return the builder
     * @throws IllegalArgumentException if the name is empty or has a slash
     */
    public static Builder builder(String name, Supplier<? extends Supervised> maker) {
        Objects.requireNonNull(maker, "maker");
        return new Builder(name, surroundings -> maker.get());
    }

    static Builder within(String name, Function<Surroundings, ? extends Supervised> maker) {
        return new Builder(name, maker);
    }

    static String checkedName(String name) {
        if (name.isBlank() || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("a name is empty or has a slash: name=" + name);
        }
        return name;
    }

    Supervised make(Surroundings surroundings) {
        return maker.apply(surroundings);
    }

    /**
     * Returns the name.
     *
     * @return not empty, without a slash
     */
    public String name() {
        return name;
    }

    /**
     * Returns when it is started again.
     *
     * @return the type
     */
    public RestartType restart() {
        return restart;
    }

    Duration startLimit() {
        return startLimit;
    }

    Duration stopLimit() {
        return stopLimit;
    }

    Duration killLimit() {
        return killLimit;
    }

    /** Returns its own backoff of now, else that of all. */
    Backoff backoffElse(Backoff ofAll) {
        if (backoff == null) {
            return ofAll;
        }
        try {
            return Objects.requireNonNull(backoff.get(), "backoff");
        } catch (RuntimeException | Error untold) {
            UsersCode.LOG.error("backoff not told, that of the supervisor holds: child={}", name, untold);
            return ofAll;
        }
    }

    /**
     * Returns name and type.
     *
     * @return for logs
     */
    @Override
    public String toString() {
        return "ChildSpec[" + name + "," + restart + "]";
    }

    /** Collects what a {@link ChildSpec} is made of. Not for several threads at a time. */
    public static final class Builder {

        private final String name;
        private final Function<Surroundings, ? extends Supervised> maker;
        private RestartType restart = RestartType.PERMANENT;
        private Duration startLimit = DEFAULT_START_LIMIT;
        private Duration stopLimit = DEFAULT_STOP_LIMIT;
        private Duration killLimit = DEFAULT_KILL_LIMIT;
        private @Nullable Supplier<Backoff> backoff;

        private Builder(String name, Function<Surroundings, ? extends Supervised> maker) {
            this.name = checkedName(name);
            this.maker = maker;
        }

        /**
         * Says when it is started again; {@link RestartType#PERMANENT} by default.
         *
         * @param type after which ends
         * @return this
         */
        public Builder restart(RestartType type) {
            restart = Objects.requireNonNull(type, "type");
            return this;
        }

        /**
         * Limits how long a start may take; then it is killed, and has failed to start. {@link #DEFAULT_START_LIMIT} by
         * default.
         *
         * @param limit more than zero, at most a day
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder startLimit(Duration limit) {
            startLimit = TimeRange.positive("startLimit", limit);
            return this;
        }

        /**
         * Limits how long a stop may take; then it is killed. {@link #DEFAULT_STOP_LIMIT} by default.
         *
         * @param limit at most a day; zero to kill at once, without asking
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder stopLimit(Duration limit) {
            stopLimit = TimeRange.zeroOrMore("stopLimit", limit);
            return this;
        }

        /**
         * Limits how long the end is awaited after a kill; then the child is given up for lost. {@link #DEFAULT_KILL_LIMIT}
         * by default.
         *
         * @param limit more than zero, at most a day
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder killLimit(Duration limit) {
            killLimit = TimeRange.positive("killLimit", limit);
            return this;
        }

        /**
         * Gives it a backoff of its own, which may change: it is asked for at each failure. The supervisor's by default.
         *
         * @param ofNow must not block. If it throws, or returns null, the supervisor's holds, and it is logged
         * @return this
         */
        public Builder backoff(Supplier<Backoff> ofNow) {
            backoff = ofNow;
            return this;
        }

        /**
         * Returns the spec.
         *
         * @return immutable
         */
        public ChildSpec build() {
            return new ChildSpec(this);
        }
    }
}
