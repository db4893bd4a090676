package dev.streamipc.process;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a child's environment is made of.
 *
 * @param inheritOnly the inherited names that stay, null for all
 * @param removed inherited names that go
 * @param added what is set on top
 */
record EnvironmentPlan(@Nullable Set<String> inheritOnly, Set<String> removed, Map<String, String> added) {

    static final EnvironmentPlan INHERIT_ALL = new EnvironmentPlan(null, Set.of(), Map.of());

    EnvironmentPlan {
        inheritOnly = inheritOnly == null ? null : Set.copyOf(inheritOnly);
        removed = Set.copyOf(removed);
        added = Map.copyOf(added);
    }

    EnvironmentPlan with(String name, String value) {
        requireName(name);
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("environment value contains NUL, name=" + name);
        }
        Map<String, String> more = new LinkedHashMap<>(added);
        more.put(name, value);
        return new EnvironmentPlan(inheritOnly, removed, more);
    }

    EnvironmentPlan without(Set<String> names) {
        Set<String> gone = new TreeSet<>(removed);
        Map<String, String> rest = new LinkedHashMap<>(added);
        gone.addAll(names);
        rest.keySet().removeAll(names);
        return new EnvironmentPlan(inheritOnly, gone, rest);
    }

    EnvironmentPlan inheritingOnly(Set<String> names) {
        return new EnvironmentPlan(names, removed, added);
    }

    void applyTo(Map<String, String> environment) {
        if (inheritOnly != null) {
            environment.keySet().retainAll(inheritOnly);
        }
        environment.keySet().removeAll(removed);
        environment.putAll(added);
    }

    /** What stands behind the = of a name may be its value, and so a secret. */
    private static void requireName(String name) {
        int end = name.indexOf('=');
        if (name.isEmpty() || end >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("environment name is empty or contains = or NUL, name="
                    + (end < 0 ? name : name.substring(0, end)));
        }
    }
}
