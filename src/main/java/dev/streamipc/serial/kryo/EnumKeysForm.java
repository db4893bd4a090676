package dev.streamipc.serial.kryo;

import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

/** An {@code EnumSet} or {@code EnumMap}. The field must say of which enum: an empty one could not tell. */
final class EnumKeysForm<E extends Enum<E>> extends Form {

    private final Class<E> type;
    private final Form plain;

    /** Takes the form of any set, or of any map, with such elements. */
    EnumKeysForm(Class<E> type, Form plain) {
        this.type = type;
        this.plain = plain;
    }

    @Override
    void write(Sink out, Object value) {
        plain.write(out, value);
    }

    @Override
    @SuppressWarnings("unchecked") // the elements were read by the form of the enum
    Object read(Source in) {
        Object read = plain.read(in);
        if (read instanceof Map<?, ?>) {
            Map<E, Object> map = new EnumMap<>(type);
            map.putAll((Map<E, Object>) read);
            return map;
        }
        EnumSet<E> set = EnumSet.noneOf(type);
        set.addAll((Collection<E>) read);
        return set;
    }
}
