package dev.streamipc.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a supervisor watches and how.
 *
 * @param name what it is called; not empty, without a slash
 * @param strategy who is started again together with whom
 * @param intensity how many restarts there may be within {@code period}; one more ends the supervisor; 0 for none at all,
 *     {@link Integer#MAX_VALUE} for any number
 * @param period the window, which slides: a restart counts as long as it is not older than this; more than zero, at most
 *     a day
 * @param backoff the wait before each restart
 * @param rules from failures to actions
 * @param children in the order of starts
 */
public record SupervisorSpec(
        String name,
        RestartStrategy strategy,
        int intensity,
        Duration period,
        Backoff backoff,
        FailureRules rules,
        List<ChildSpec> children) {

    /** 5 restarts. */
    public static final int DEFAULT_INTENSITY = 5;
    /** 10 s. */
    public static final Duration DEFAULT_PERIOD = Duration.ofSeconds(10);

    /** Checks the names and the ranges. */
    public SupervisorSpec {
        ChildSpec.checkedName(name);
        Objects.requireNonNull(strategy, "strategy");
        Objects.requireNonNull(backoff, "backoff");
        Objects.requireNonNull(rules, "rules");
        TimeRange.positive("period", period);
        if (intensity < 0) {
            throw new IllegalArgumentException("intensity is negative: intensity=" + intensity);
        }
        children = List.copyOf(children);
        Set<String> names = new HashSet<>();
        for (ChildSpec child : children) {
            if (!names.add(child.name())) {
                throw new IllegalArgumentException(
                        "two children have one name: supervisor=" + name + ", child=" + child.name());
            }
        }
    }

    /**
     * Returns a builder: one for one, {@link #DEFAULT_INTENSITY} restarts in {@link #DEFAULT_PERIOD}, the default backoff
     * and rules, no children.
     *
     * @param name what the supervisor is called; not empty, without a slash
     * @return the builder
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** Collects what a {@link SupervisorSpec} is made of. Not for several threads at a time. */
    public static final class Builder {

        private final String name;
        private final List<ChildSpec> children = new ArrayList<>();
        private RestartStrategy strategy = RestartStrategy.ONE_FOR_ONE;
        private int intensity = DEFAULT_INTENSITY;
        private Duration period = DEFAULT_PERIOD;
        private Backoff backoff = Backoff.DEFAULT;
        private FailureRules rules = FailureRules.DEFAULT;

        private Builder(String name) {
            this.name = name;
        }

        /**
         * Says who is started again together with whom; {@link RestartStrategy#ONE_FOR_ONE} by default.
         *
         * @param value the strategy
         * @return this
         */
        public Builder strategy(RestartStrategy value) {
            strategy = value;
            return this;
        }

        /**
         * Limits the restarts.
         *
         * @param restarts how many there may be within the period, 0 or more; {@link Integer#MAX_VALUE} for any number
         * @param within the period, more than zero, at most a day
         * @return this
         */
        public Builder intensity(int restarts, Duration within) {
            intensity = restarts;
            period = within;
            return this;
        }

        /**
         * Sets the wait before each restart; {@link Backoff#DEFAULT} by default.
         *
         * @param value the backoff
         * @return this
         */
        public Builder backoff(Backoff value) {
            backoff = value;
            return this;
        }

        /**
         * Sets the rules; {@link FailureRules#DEFAULT} by default.
         *
         * @param value the rules
         * @return this
         */
        public Builder rules(FailureRules value) {
            rules = value;
            return this;
        }

        /**
         * Adds a child behind those that were added before.
         *
         * @param spec the child; {@link Supervisor#asChild} makes one of a supervisor
         * @return this
         */
        public Builder child(ChildSpec spec) {
            children.add(spec);
            return this;
        }

        /**
         * Returns the spec.
         *
         * @return immutable
         * @throws IllegalArgumentException if a value is out of range, or two children have one name
         */
        public SupervisorSpec build() {
            return new SupervisorSpec(name, strategy, intensity, period, backoff, rules, children);
        }
    }
}
