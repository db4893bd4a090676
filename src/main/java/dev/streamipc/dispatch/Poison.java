package dev.streamipc.dispatch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many workers the tasks of each key have ended; the keys that ended one last, no more. Guarded by the lock of the pool. */
final class Poison {

    /** 2 workers. */
    static final int DEADLY = 2;

    static final int MAX_KEYS = 1_024;

    private final Map<String, Integer> ended = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MAX_KEYS;
        }
    };

    /** A task of this key has ended a worker. */
    void ended(@Nullable String key) {
        if (key != null) {
            ended.merge(key, 1, Integer::sum);
        }
    }

    boolean isPoisoned(@Nullable String key) {
        return key != null && ended.getOrDefault(key, 0) >= DEADLY;
    }

    boolean pardon(String key) {
        boolean was = isPoisoned(key);
        ended.remove(key);
        return was;
    }
}
