package dev.streamipc.dispatch;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tasks with keys that wait for any worker, by key: the worker that gets the first gets them all. Guarded by the lock of the pool. */
final class KeyLines {

    private final Map<String, Set<Task<?>>> lines = new HashMap<>();

    void add(Task<?> task) {
        String key = task.options.key();
        if (key != null) {
            lines.computeIfAbsent(key, fresh -> new LinkedHashSet<>()).add(task);
        }
    }

    void remove(Task<?> task) {
        String key = task.options.key();
        Set<Task<?>> line = key == null ? null : lines.get(key);
        if (line != null && line.remove(task) && line.isEmpty()) {
            lines.remove(key);
        }
    }

    /** Takes out all of a key; null if there are none. */
    @Nullable
    Set<Task<?>> take(String key) {
        return lines.remove(key);
    }

    void clear() {
        lines.clear();
    }
}
