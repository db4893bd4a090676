package dev.streamipc.dispatch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which worker the tasks of a key go to; the keys used last, no more. Guarded by the lock of the pool. */
final class Sticky {

    static final int MAX_KEYS = 10_000;

    private final Map<String, Slot> workers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Slot> eldest) {
            return size() > MAX_KEYS;
        }
    };

    @Nullable
    Slot of(String key) {
        return workers.get(key);
    }

    /** Returns who had it before; null if nobody had. */
    @Nullable
    Slot put(String key, Slot slot) {
        return workers.put(key, slot);
    }

    void forget(Slot slot) {
        workers.values().removeIf(slot::equals);
    }
}
