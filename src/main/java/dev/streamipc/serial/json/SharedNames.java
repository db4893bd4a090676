package dev.streamipc.serial.json;

import dev.streamipc.serial.SharedTypes;
import java.util.HashMap;
import java.util.Map;

/**
 * The shared classes and their logical names. A copy, so that it does not keep a session alive.
 *
 * @param byName classes by logical name
 * @param byClass logical names by class
 */
record SharedNames(Map<String, Class<?>> byName, Map<Class<?>, String> byClass) {

    /** Copies the maps. */
    SharedNames {
        byName = Map.copyOf(byName);
        byClass = Map.copyOf(byClass);
    }

    static SharedNames of(SharedTypes types) {
        Map<String, Class<?>> byName = new HashMap<>();
        Map<Class<?>, String> byClass = new HashMap<>();
        for (Class<?> type : types.inCommonOrder()) {
            String name = types.nameOf(type).orElseThrow();
            byName.put(name, type);
            byClass.put(type, name);
        }
        return new SharedNames(byName, byClass);
    }
}
