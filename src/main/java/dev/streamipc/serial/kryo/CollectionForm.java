package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.KryoException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** A list, a set or a queue. What is not of an everyday class comes back as an equal one that is unmodifiable. */
@SuppressWarnings("JdkObsolete") // a user may have chosen it
final class CollectionForm extends Form {

    /** The order is part of the format. */
    enum Kind {
        LIST(List.class),
        SET(Set.class),
        FIXED_LIST(Arrays.asList().getClass()),
        ARRAY_LIST(ArrayList.class),
        LINKED_LIST(LinkedList.class),
        ARRAY_DEQUE(ArrayDeque.class),
        HASH_SET(HashSet.class),
        LINKED_HASH_SET(LinkedHashSet.class),
        TREE_SET(TreeSet.class);

        final Class<?> type;

        Kind(Class<?> type) {
            this.type = type;
        }
    }

    private final Kind kind;
    private final Form element;

    CollectionForm(Kind kind, Form element) {
        this.kind = kind;
        this.element = element;
    }

    @Override
    void write(Sink out, Object value) {
        out.enter();
        Collection<?> collection = (Collection<?>) value;
        if (kind == Kind.TREE_SET && ((SortedSet<?>) collection).comparator() != null) {
            throw new KryoException("sorted set with a comparator can't travel; use a list or the natural order");
        }
        int left = collection.size();
        out.count(left);
        for (Object each : collection) {
            element.writeNullable(out, each);
            left--;
        }
        if (left != 0) {
            throw new KryoException("collection changed while it was written: missing=" + left);
        }
        out.leave();
    }

    @Override
    Object read(Source in) {
        in.enter();
        Object[] elements = Elements.read(in, element, Object.class);
        in.leave();
        List<Object> list = Arrays.asList(elements);
        return switch (kind) {
            case LIST -> list.contains(null) ? Collections.unmodifiableList(list) : List.of(elements);
            case SET -> Collections.unmodifiableSet(new LinkedHashSet<>(list));
            case FIXED_LIST -> list;
            case ARRAY_LIST -> new ArrayList<>(list);
            case LINKED_LIST -> new LinkedList<>(list);
            case ARRAY_DEQUE -> new ArrayDeque<>(list);
            case HASH_SET -> new HashSet<>(list);
            case LINKED_HASH_SET -> new LinkedHashSet<>(list);
            case TREE_SET -> new TreeSet<>(list);
        };
    }
}
