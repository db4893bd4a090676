package dev.streamipc.session;

import org.jspecify.annotations.Nullable;

/**
 * A map from numbers to values that allocates nothing but its arrays: open addressing with linear probing, entries moved
 * up on removal, so no tombstones. Guarded by a lock of its owner.
 */
final class LongTable<V> {

    private static final int SMALL_SLOTS = 64;
    private static final int KEPT_SLOTS = 4_096;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private long[] keys = new long[SMALL_SLOTS];
    private @Nullable Object[] values = new Object[SMALL_SLOTS];
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    @Nullable
    V get(long key) {
        return valueAt(slotOf(key));
    }

    /** Adds a value unless the key is there. Returns whether it was added. */
    boolean add(long key, V value) {
        int slot = slotOf(key);
        if (values[slot] != null) {
            return false;
        }
        keys[slot] = key;
        values[slot] = value;
        size++;
        if (size * 2 > keys.length) {
            rehash(keys.length * 2);
        }
        return true;
    }

    @Nullable
    V remove(long key) {
        int slot = slotOf(key);
        V value = valueAt(slot);
        if (value != null) {
            close(slot);
            size--;
            if (size == 0 && keys.length > KEPT_SLOTS) {
                rehash(SMALL_SLOTS);
            }
        }
        return value;
    }

    /** Gives back what many values have needed, if none is here. */
    void rest() {
        if (size == 0 && keys.length > SMALL_SLOTS) {
            rehash(SMALL_SLOTS);
        }
    }

    /** Gives each value to {@code visitor}, in no particular order. It must not change the table. */
    void forEach(java.util.function.Consumer<V> visitor) {
        for (int slot = 0; slot < values.length; slot++) {
            V value = valueAt(slot);
            if (value != null) {
                visitor.accept(value);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private @Nullable V valueAt(int slot) {
        return (V) values[slot];
    }

    private int home(long key) {
        return (int) ((key * SPREAD) >>> 33) & (keys.length - 1);
    }

    private int slotOf(long key) {
        int slot = home(key);
        while (values[slot] != null && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }

    /** Empties a slot and moves up what was pushed behind it. */
    private void close(int hole) {
        int mask = keys.length - 1;
        int open = hole;
        int slot = (hole + 1) & mask;
        while (values[slot] != null) {
            int distanceFromHome = (slot - home(keys[slot])) & mask;
            if (distanceFromHome >= ((slot - open) & mask)) {
                keys[open] = keys[slot];
                values[open] = values[slot];
                open = slot;
            }
            slot = (slot + 1) & mask;
        }
        values[open] = null;
    }

    private void rehash(int slots) {
        long[] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new long[slots];
        values = new Object[slots];
        for (int old = 0; old < oldKeys.length; old++) {
            if (oldValues[old] != null) {
                int slot = slotOf(oldKeys[old]);
                keys[slot] = oldKeys[old];
                values[slot] = oldValues[old];
            }
        }
    }
}
