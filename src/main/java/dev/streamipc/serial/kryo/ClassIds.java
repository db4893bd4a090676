package dev.streamipc.serial.kryo;

import dev.streamipc.serial.SharedTypes;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The numbers under which classes stand in a payload. Looking one up never resolves a name. */
final class ClassIds {

    /** Stands for null, and for a class that has no number. */
    static final int NONE = 0;

    /** The classes of the JDK have numbers below, the shared types from here on, in their common order. */
    static final int FIRST_SHARED = 80;

    private static final List<Class<?>> STAND_INS =
            List.of(Path.class, ZoneId.class, List.class, Set.class, Map.class, ByteBuffer.class, InetAddress.class);

    /** Those of the JDK have the same number in every codec, which is put here again by each. */
    private static final Map<Class<?>, Integer> OF_JDK = new ConcurrentHashMap<>();

    private final Map<Class<?>, Integer> ids = new HashMap<>();
    private final SharedTypes types;

    ClassIds(SharedTypes types) {
        this.types = types;
    }

    void put(Class<?> type, int id) {
        if (id < FIRST_SHARED) {
            OF_JDK.putIfAbsent(type, id);
        } else {
            ids.put(type, id);
        }
    }

    /** Returns the number of a class, of the enum around a constant's class, or of the interface that stands for it. */
    int idOf(Class<?> type) {
        Integer own = ids.get(type);
        Integer id = own != null ? own : OF_JDK.get(type);
        return id == null ? remembered(type) : id;
    }

    String whyUnknown(Class<?> type) {
        return types.whyNotShared(type);
    }

    private int remembered(Class<?> type) {
        Class<?> stands = standIn(type);
        int id = ids.getOrDefault(stands, OF_JDK.getOrDefault(stands, NONE));
        ids.put(type, id);
        return id;
    }

    private static Class<?> standIn(Class<?> type) {
        Class<?> parent = type.getSuperclass();
        if (parent != null && parent.isEnum()) {
            return parent;
        }
        for (Class<?> standIn : STAND_INS) {
            if (standIn.isAssignableFrom(type)) {
                return standIn;
            }
        }
        // A view such as the values of a map. A queue has an order of its own, which a list would not show.
        return Collection.class.isAssignableFrom(type) && !Queue.class.isAssignableFrom(type) ? List.class : type;
    }
}
