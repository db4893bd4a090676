package dev.streamipc.dispatch;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many workers the tasks of each key have ended. Forgotten when that was long ago, or other keys have done so since: no more
 * keys are kept than there is room for. Guarded by the lock of the pool.
 */
final class Poison {

    /** 2 workers. */
    static final int DEADLY = 2;

    static final int MAX_KEYS = 1_024;
    static final Duration MAX_AGE = Duration.ofHours(1);

    private record Ended(int workers, long lastNanos) {}

    /** In the order in which they last ended a worker. */
    private final Map<String, Ended> keys = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Ended> eldest) {
            return size() > MAX_KEYS;
        }
    };

    /** A task of this key has ended a worker. */
    void ended(@Nullable String key, long nowNanos) {
        if (key != null) {
            int before = workersEnded(key, nowNanos);
            keys.remove(key);
            keys.put(key, new Ended(before + 1, nowNanos));
        }
    }

    boolean isPoisoned(String key, long nowNanos) {
        return workersEnded(key, nowNanos) >= DEADLY;
    }

    private int workersEnded(String key, long nowNanos) {
        Ended known = keys.get(key);
        if (known != null && nowNanos - known.lastNanos() >= MAX_AGE.toNanos()) {
            keys.remove(key);
            return 0;
        }
        return known == null ? 0 : known.workers();
    }

    boolean pardon(String key, long nowNanos) {
        boolean was = isPoisoned(key, nowNanos);
        keys.remove(key);
        return was;
    }
}
