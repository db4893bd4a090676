package dev.streamipc.serial;

import dev.streamipc.message.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The everyday lists, sets and maps: as users make them, in fields that are declared as users declare them. */
@SuppressWarnings("JdkObsolete") // users have them
final class EverydayCollections {

    private final Map<String, Message> cases = new LinkedHashMap<>();

    private EverydayCollections() {}

    static Map<String, Message> all() {
        EverydayCollections values = new EverydayCollections();
        values.addLists();
        values.addSets();
        values.addMaps();
        return values.cases;
    }

    private void add(String name, Message message) {
        if (cases.put(name, message) != null) {
            throw new IllegalArgumentException("two cases of one name: name=" + name);
        }
    }

    private void addLists() {
        add("List.of", new OfList(List.of("a", "b")));
        add("Stream.toList", new OfList(Stream.of("a", null).toList()));
        add("Arrays.asList", new OfList(Arrays.asList("a", null)));
        add("unmodifiableList", new OfList(Collections.unmodifiableList(new ArrayList<>(List.of("a")))));
        add("synchronizedList", new OfList(Collections.synchronizedList(new ArrayList<>(List.of("a")))));
        add("subList", new OfList(new ArrayList<>(List.of("a", "b", "c")).subList(1, 3)));
        add("values", new OfCollection(new HashMap<>(Map.of("k", "a")).values()));
        add("unmodifiableCollection", new OfCollection(Collections.unmodifiableCollection(List.of("a", "b"))));
        add("Iterable", new OfIterable(List.of("a")));
        add("ArrayList", new OfArrayList(new ArrayList<>(List.of("a"))));
        add("LinkedList", new OfLinkedList(new LinkedList<>(List.of("a"))));
        add("ArrayDeque", new OfArrayDeque(new ArrayDeque<>(List.of("a", "b"))));
        add("Deque", new OfDeque(new ArrayDeque<>(List.of("a", "b"))));
        add("Queue", new OfQueue(new LinkedList<>(List.of("a", "b"))));
    }

    private void addSets() {
        add("Set.of", new OfSet(Set.of("a", "b")));
        add("keySet", new OfSet(new HashMap<>(Map.of("a", 1, "b", 2)).keySet()));
        add("unmodifiableSet", new OfSet(Collections.unmodifiableSet(new HashSet<>(List.of("a")))));
        add("synchronizedSet", new OfSet(Collections.synchronizedSet(new HashSet<>(List.of("a")))));
        add("HashSet", new OfHashSet(new HashSet<>(List.of("a"))));
        add("LinkedHashSet", new OfLinkedHashSet(new LinkedHashSet<>(List.of("b", "a"))));
        add("TreeSet", new OfTreeSet(new TreeSet<>(List.of("b", "a"))));
        add("SortedSet", new OfSortedSet(new TreeSet<>(List.of("b", "a"))));
        add("NavigableSet", new OfNavigableSet(new TreeSet<>(List.of("b", "a"))));
        add("EnumSet", new OfEnumSet(EnumSet.of(EverydayValues.Mood.GOOD, EverydayValues.Mood.BAD)));
        add("EnumSet, empty", new OfEnumSet(EnumSet.noneOf(EverydayValues.Mood.class)));
        add("EnumSet as Set", new OfMoods(EnumSet.allOf(EverydayValues.Mood.class)));
    }

    private void addMaps() {
        EnumMap<EverydayValues.Mood, Integer> moods =
                new EnumMap<>(Map.of(EverydayValues.Mood.BAD, 2, EverydayValues.Mood.GOOD, 1));
        add("Map.of", new OfMap(Map.of("a", 1)));
        add("unmodifiableMap", new OfMap(Collections.unmodifiableMap(new HashMap<>(Map.of("a", 1)))));
        add("synchronizedMap", new OfMap(Collections.synchronizedMap(new HashMap<>(Map.of("a", 1)))));
        add("HashMap", new OfHashMap(new HashMap<>(Map.of("a", 1))));
        add("LinkedHashMap", new OfLinkedHashMap(new LinkedHashMap<>(Map.of("a", 1))));
        add("TreeMap", new OfTreeMap(new TreeMap<>(Map.of("b", 1, "a", 2))));
        add("SortedMap", new OfSortedMap(new TreeMap<>(Map.of("b", 1, "a", 2))));
        add("NavigableMap", new OfNavigableMap(new TreeMap<>(Map.of("b", 1, "a", 2))));
        add("ConcurrentHashMap", new OfConcurrentHashMap(new ConcurrentHashMap<>(Map.of("a", 1))));
        add("ConcurrentMap", new OfConcurrentMap(new ConcurrentHashMap<>(Map.of("a", 1))));
        add("EnumMap", new OfEnumMap(moods));
        add("EnumMap, empty", new OfEnumMap(new EnumMap<>(EverydayValues.Mood.class)));
        add("EnumMap as Map", new OfMapOfMoods(moods));
    }

    record OfList(@Nullable List<String> value) implements Message {}

    record OfCollection(@Nullable Collection<String> value) implements Message {}

    record OfIterable(@Nullable Iterable<String> value) implements Message {}

    record OfArrayList(@Nullable ArrayList<String> value) implements Message {}

    record OfLinkedList(@Nullable LinkedList<String> value) implements Message {}

    record OfArrayDeque(@Nullable ArrayDeque<String> value) implements Message {}

    record OfDeque(@Nullable Deque<String> value) implements Message {}

    record OfQueue(@Nullable Queue<String> value) implements Message {}

    record OfSet(@Nullable Set<String> value) implements Message {}

    record OfHashSet(@Nullable HashSet<String> value) implements Message {}

    record OfLinkedHashSet(@Nullable LinkedHashSet<String> value) implements Message {}

    record OfTreeSet(@Nullable TreeSet<String> value) implements Message {}

    record OfSortedSet(@Nullable SortedSet<String> value) implements Message {}

    record OfNavigableSet(@Nullable NavigableSet<String> value) implements Message {}

    record OfEnumSet(@Nullable EnumSet<EverydayValues.Mood> value) implements Message {}

    record OfMoods(@Nullable Set<EverydayValues.Mood> value) implements Message {}

    record OfMap(@Nullable Map<String, Integer> value) implements Message {}

    record OfHashMap(@Nullable HashMap<String, Integer> value) implements Message {}

    record OfLinkedHashMap(@Nullable LinkedHashMap<String, Integer> value) implements Message {}

    record OfTreeMap(@Nullable TreeMap<String, Integer> value) implements Message {}

    record OfSortedMap(@Nullable SortedMap<String, Integer> value) implements Message {}

    record OfNavigableMap(@Nullable NavigableMap<String, Integer> value) implements Message {}

    record OfConcurrentHashMap(@Nullable ConcurrentHashMap<String, Integer> value) implements Message {}

    record OfConcurrentMap(@Nullable ConcurrentMap<String, Integer> value) implements Message {}

    record OfEnumMap(@Nullable EnumMap<EverydayValues.Mood, Integer> value) implements Message {}

    record OfMapOfMoods(@Nullable Map<EverydayValues.Mood, Integer> value) implements Message {}
}
