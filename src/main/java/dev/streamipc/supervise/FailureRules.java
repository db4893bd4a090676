package dev.streamipc.supervise;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * From the type of a failure to what is done about it. The rule for the nearest class decides: the failure's own, else its
 * superclass's, and so on, in whatever order the rules were given. A {@link CompletionException} or {@link
 * ExecutionException} that has no rule of its own counts as its cause.
 *
 * <p>No failure passes silently: each is logged with the action and the rule, or that there was none and the default holds.
 *
 * @param actions the rules
 * @param otherwise what is done about a failure without a rule
 */
public record FailureRules(Map<Class<? extends Throwable>, FailureAction> actions, FailureAction otherwise) {

    /** No rules: every failure leads to {@link FailureAction#RESTART}. */
    public static final FailureRules DEFAULT = new FailureRules(Map.of(), FailureAction.RESTART);

    /** Causes may go round in a circle. */
    private static final int MOST_WRAPPERS = 100;

    /** Copies the rules. */
    public FailureRules {
        actions = Map.copyOf(actions);
        Objects.requireNonNull(otherwise, "otherwise");
    }

    /** What the rules say about one failure; the rule is the class that decided, null if none did. */
    record Verdict(FailureAction action, @Nullable Class<? extends Throwable> rule) {}

    /**
     * Returns a builder without rules.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    Verdict verdict(Throwable failure) {
        Class<? extends Throwable> rule = rule(failure);
        return rule == null ? new Verdict(otherwise, null) : new Verdict(actions.getOrDefault(rule, otherwise), rule);
    }

    private @Nullable Class<? extends Throwable> rule(Throwable failure) {
        Class<?> type = unwrapped(failure).getClass();
        while (type != Object.class) {
            Class<? extends Throwable> each = type.asSubclass(Throwable.class);
            if (actions.containsKey(each)) {
                return each;
            }
            type = type.getSuperclass();
        }
        return null;
    }

    private Throwable unwrapped(Throwable failure) {
        Throwable inner = failure;
        for (int depth = 0; depth < MOST_WRAPPERS; depth++) {
            boolean wraps = inner instanceof CompletionException || inner instanceof ExecutionException;
            Throwable cause = wraps && !actions.containsKey(inner.getClass()) ? causeOf(inner) : null;
            if (cause == null) {
                return inner;
            }
            inner = cause;
        }
        return inner;
    }

    private static @Nullable Throwable causeOf(Throwable failure) {
        try {
            return failure.getCause();
        } catch (RuntimeException | Error mute) {
            return null;
        }
    }

    /** Collects rules. Not for several threads at a time. */
    public static final class Builder {

        private final Map<Class<? extends Throwable>, FailureAction> actions = new LinkedHashMap<>();
        private FailureAction otherwise = FailureAction.RESTART;

        private Builder() {}

        /**
         * Adds a rule.
         *
         * @param type the failures of this class and of those below it
         * @param action what is done about them
         * @return this
         * @throws IllegalArgumentException if the class has a rule already
         */
        public Builder on(Class<? extends Throwable> type, FailureAction action) {
            if (actions.putIfAbsent(type, action) != null) {
                throw new IllegalArgumentException("two rules for one type of failure: type=" + type.getName());
            }
            return this;
        }

        /**
         * Says what is done about a failure without a rule; {@link FailureAction#RESTART} by default.
         *
         * @param action the action
         * @return this
         */
        public Builder otherwise(FailureAction action) {
            otherwise = action;
            return this;
        }

        /**
         * Returns the rules.
         *
         * @return immutable
         */
        public FailureRules build() {
            return new FailureRules(actions, otherwise);
        }
    }
}
