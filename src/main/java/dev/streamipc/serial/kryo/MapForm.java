package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.KryoException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** A map. What is not one of the everyday classes comes back as an equal one that is unmodifiable. */
final class MapForm extends Form {

    /** The order is part of the format. */
    enum Kind {
        MAP(Map.class),
        HASH_MAP(HashMap.class),
        LINKED_HASH_MAP(LinkedHashMap.class),
        TREE_MAP(TreeMap.class),
        CONCURRENT_HASH_MAP(ConcurrentHashMap.class);

        final Class<?> type;

        Kind(Class<?> type) {
            this.type = type;
        }
    }

    private static final int BYTES_PER_ENTRY = 2;

    private final Kind kind;
    private final Form key;
    private final Form value;

    MapForm(Kind kind, Form key, Form value) {
        this.kind = kind;
        this.key = key;
        this.value = value;
    }

    @Override
    void write(Sink out, Object map) {
        out.enter();
        if (kind == Kind.TREE_MAP && ((SortedMap<?, ?>) map).comparator() != null) {
            throw new KryoException("sorted map with a comparator can't travel; use the natural order");
        }
        int left = ((Map<?, ?>) map).size();
        out.count(left);
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) map).entrySet()) {
            key.writeNullable(out, entry.getKey());
            value.writeNullable(out, entry.getValue());
            left--;
        }
        if (left != 0) {
            throw new KryoException("map changed while it was written: missing=" + left);
        }
        out.leave();
    }

    @Override
    Object read(Source in) {
        in.enter();
        Map<Object, Object> map = empty();
        for (int left = in.count(BYTES_PER_ENTRY); left > 0; left--) {
            map.put(key.readNullable(in), value.readNullable(in));
        }
        in.leave();
        return kind == Kind.MAP ? Collections.unmodifiableMap(map) : map;
    }

    private Map<Object, Object> empty() {
        return switch (kind) {
            case MAP, LINKED_HASH_MAP -> new LinkedHashMap<>();
            case HASH_MAP -> new HashMap<>();
            case TREE_MAP -> new TreeMap<>();
            case CONCURRENT_HASH_MAP -> new ConcurrentHashMap<>();
        };
    }
}
