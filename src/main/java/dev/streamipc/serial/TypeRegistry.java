package dev.streamipc.serial;

import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.LogMessage;
import dev.streamipc.message.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The types of one side under their logical names: its messages, and the records and enums inside them. Immutable; safe
 * for all threads.
 */
public final class TypeRegistry {

    private final List<Class<?>> classes;
    private final Set<Class<?>> known;
    private final List<TypeEntry> entries;

    private TypeRegistry(List<Class<?>> classes, List<TypeEntry> entries) {
        this.classes = List.copyOf(classes);
        this.known = Set.copyOf(classes);
        this.entries = List.copyOf(entries);
    }

    /**
     * Makes a registry of messages. {@link LogMessage}, {@link FunctionCall} and its answer are always in it, and so are the answers and parts of requests and the
     * records and enums that stand in fields, in collections and arrays of them, and in sealed interfaces.
     *
     * @param messageTypes records that implement {@link Message}, or sealed interfaces that stand for all their records
     * @return the registry
     * @throws IllegalArgumentException if a class is neither, if a sealed interface permits anything but records and
     *     enums, if a {@code @MessageName} is not well formed, or if two classes have the same name
     */
    public static TypeRegistry of(Collection<Class<?>> messageTypes) {
        Set<Class<?>> reached = new LinkedHashSet<>(TypeWalk.from(LogMessage.class));
        reached.addAll(TypeWalk.from(FunctionCall.class));
        for (Class<?> type : messageTypes) {
            reached.addAll(checked(type));
        }
        Map<String, Class<?>> byName = new TreeMap<>(new Utf8Order());
        for (Class<?> type : reached) {
            Class<?> before = byName.putIfAbsent(TypeNames.of(type), type);
            if (before != null) {
                throw new IllegalArgumentException("two classes have the same logical name: name=" + TypeNames.of(type)
                        + ", first=" + before.getName() + ", second=" + type.getName()
                        + "; give one of them a @MessageName");
            }
        }
        return hashed(List.copyOf(byName.values()));
    }

    /**
     * Returns the class of a request's answer, also where {@code Request<R>} is reached through interfaces in between.
     *
     * @param requestType a class that implements {@code Request}
     * @return the class, {@link Message} where the type does not say
     */
    public static Class<?> answerTo(Class<?> requestType) {
        return TypeWalk.answerClassOf(requestType);
    }

    /**
     * Returns the class of the parts of a request that is answered by a stream, or brings one along.
     *
     * @param requestType a class that implements {@code StreamRequest} or {@code UploadRequest}
     * @return the class, {@link Message} where the type does not say
     */
    public static Class<?> partsOf(Class<?> requestType) {
        return TypeWalk.partClassOf(requestType);
    }

    /**
     * Returns whether a class is in this registry.
     *
     * @param type a class
     * @return false if it can't be sent from this side, whatever the other side knows
     */
    public boolean contains(Class<?> type) {
        return known.contains(type);
    }

    List<Class<?>> classes() {
        return classes;
    }

    /**
     * Returns the table for HELLO, sorted by name in the order of UTF-8 bytes.
     *
     * @return an entry for each type, with hash and shape
     */
    public List<TypeEntry> entries() {
        return entries;
    }

    /**
     * Matches this table with the other side's by name. Of entries with the same name the hash of the first counts.
     *
     * @param other the other side's table in its order
     * @param equalShapes whether a type is shared only if both sides state the same hash
     * @return the types that both sides know
     */
    public SharedTypes agree(List<TypeEntry> other, boolean equalShapes) {
        Map<String, TypeEntry> there = new HashMap<>();
        for (TypeEntry entry : other) {
            there.putIfAbsent(entry.name(), entry);
        }
        return new AgreedTypes(classes, entries, other, new Comparison(there, equalShapes));
    }

    private static Set<Class<?>> checked(Class<?> type) {
        boolean record = type.isRecord() && Message.class.isAssignableFrom(type);
        if (!record && !(type.isInterface() && type.isSealed())) {
            throw new IllegalArgumentException("not a message type: class=" + type.getName()
                    + "; register a record that implements Message, or a sealed interface of records");
        }
        return TypeWalk.from(type);
    }

    private static TypeRegistry hashed(List<Class<?>> classes) {
        Map<Class<?>, String> lines = new HashMap<>();
        List<TypeEntry> bare = new ArrayList<>();
        for (Class<?> type : classes) {
            TypeEntry entry = new TypeEntry(TypeNames.of(type), null, TypeShapes.shape(type));
            bare.add(entry);
            lines.put(type, TypeShapes.line(entry));
        }
        List<TypeEntry> entries = new ArrayList<>();
        for (int i = 0; i < bare.size(); i++) {
            String hash = TypeShapes.hash(classes.get(i), TypeWalk.from(classes.get(i)), lines);
            entries.add(new TypeEntry(bare.get(i).name(), hash, bare.get(i).shape()));
        }
        return new TypeRegistry(classes, entries);
    }

    /** The order of code points, which every language has; that of a Java string differs beyond the first plane. */
    private static final class Utf8Order implements Comparator<String> {

        @Override
        public int compare(String one, String two) {
            return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), two.getBytes(StandardCharsets.UTF_8));
        }
    }
}
