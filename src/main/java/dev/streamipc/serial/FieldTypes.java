package dev.streamipc.serial;

import dev.streamipc.message.Attachment;
import java.lang.reflect.Constructor;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the library's own serializers can carry in a field: primitives, records, enums, sealed interfaces of them, arrays
 * and collections of all these, attachments, and the values of the JDK that are listed here. A type is held against the list when a
 * peer is built, and not when the first message of it is sent.
 */
public final class FieldTypes {

    /** Names, so that no class is loaded for the question whether it is meant. */
    private static final Set<String> OF_LANG = Set.of(
            "Boolean,Byte,Short,Character,Integer,Long,Float,Double,String,Object,Number,CharSequence,Comparable,Iterable"
                    .split(","));

    private static final Set<String> OF_UTIL =
            Set.of(("UUID,BitSet,Date,Locale,Currency,Optional,OptionalInt,OptionalLong,OptionalDouble"
                            + ",Collection,SequencedCollection,List,Set,SequencedSet,SortedSet,NavigableSet,Queue,Deque"
                            + ",ArrayList,LinkedList,ArrayDeque,HashSet,LinkedHashSet,TreeSet"
                            + ",Map,SequencedMap,SortedMap,NavigableMap,HashMap,LinkedHashMap,TreeMap")
                    .split(","));

    private static final Set<String> OF_TIME = Set.of(
            ("Instant,Duration,LocalDate,LocalTime,LocalDateTime,OffsetTime,OffsetDateTime,ZonedDateTime,Year,YearMonth"
                            + ",MonthDay,Period,ZoneId,ZoneOffset")
                    .split(","));

    private static final Set<String> OTHERS = Set.of(
            "java.io.File",
            "java.io.Serializable",
            "java.math.BigDecimal",
            "java.math.BigInteger",
            "java.net.InetAddress",
            "java.net.InetSocketAddress",
            "java.net.URI",
            "java.nio.ByteBuffer",
            "java.nio.file.Path",
            "java.time.temporal.Temporal",
            "java.time.temporal.TemporalAccessor",
            "java.time.temporal.TemporalAmount",
            "java.time.temporal.TemporalUnit",
            "java.util.concurrent.ConcurrentHashMap",
            "java.util.concurrent.ConcurrentMap",
            "java.util.concurrent.atomic.AtomicBoolean",
            "java.util.concurrent.atomic.AtomicInteger",
            "java.util.concurrent.atomic.AtomicLong",
            "java.util.concurrent.atomic.AtomicReference",
            "java.util.regex.Pattern");

    private final List<Class<?>> registered;

    private FieldTypes(List<Class<?>> registered) {
        this.registered = registered;
    }

    /**
     * Looks whether each registered record can be made by this library, at the declared type of each of its fields, at what
     * its collections hold, and at what its arrays hold.
     *
     * @param registry the types of one side
     * @throws IllegalArgumentException if one can't travel, such as a {@code Throwable}, a {@code Thread}, a lambda or a
     *     class of the user's that is no record, or if a record's module does not open its package; names record, field
     *     and type
     */
    public static void check(TypeRegistry registry) {
        FieldTypes types = new FieldTypes(registry.classes());
        for (Class<?> type : types.registered) {
            if (type.isRecord()) {
                checkReach(type);
                for (RecordComponent field : type.getRecordComponents()) {
                    types.check(field, field.getGenericType());
                }
            }
        }
    }

    /** Here, and not as the session opens: a child that forgets it would be gone before it could say so. */
    private static void checkReach(Class<?> type) {
        boolean isOpen = type.getModule().isOpen(type.getPackageName(), FieldTypes.class.getModule());
        if (!isOpen && !canonical(type).trySetAccessible()) {
            throw new IllegalArgumentException(
                    "record can't be reached: class=" + type.getName() + "; open its package to this library");
        }
    }

    private static Constructor<?> canonical(Class<?> type) {
        List<Class<?>> components = Arrays.stream(type.getRecordComponents())
                .<Class<?>>map(RecordComponent::getType)
                .toList();
        return Arrays.stream(type.getDeclaredConstructors())
                .filter(each -> List.of(each.getParameterTypes()).equals(components))
                .findFirst()
                .orElseThrow();
    }

    private void check(RecordComponent field, Type type) {
        if (type instanceof Class<?> raw) {
            checkClass(field, raw);
        } else if (type instanceof ParameterizedType generic) {
            if (!isOfAnEnum(generic)) {
                check(field, generic.getRawType());
            }
            for (Type argument : generic.getActualTypeArguments()) {
                check(field, argument);
            }
        } else if (type instanceof GenericArrayType array) {
            check(field, array.getGenericComponentType());
        } else if (type instanceof WildcardType wildcard) {
            check(field, wildcard.getUpperBounds()[0]);
        } else if (type instanceof TypeVariable<?> variable) {
            // A bound may name its own variable, as in T extends Comparable<T>: only its class is looked at.
            Type bound = variable.getBounds()[0];
            check(field, bound instanceof ParameterizedType generic ? generic.getRawType() : bound);
        }
    }

    /** These two can't be made without their enum, so as raw types, or with a type variable, they are not listed. */
    private static boolean isOfAnEnum(ParameterizedType type) {
        return (type.getRawType() == EnumSet.class || type.getRawType() == EnumMap.class)
                && type.getActualTypeArguments()[0] instanceof Class<?>;
    }

    private void checkClass(RecordComponent field, Class<?> type) {
        if (type.isArray()) {
            checkClass(field, type.getComponentType());
        } else if (!type.isPrimitive() && type != Attachment.class && !isListed(type) && !holdsARegistered(type)) {
            throw new IllegalArgumentException(
                    "field can't travel: record=" + field.getDeclaringRecord().getName() + ", field=" + field.getName()
                            + ", type=" + type.getName() + insteadOf(type));
        }
    }

    private static boolean isListed(Class<?> type) {
        if (type.getModule() != Object.class.getModule()) {
            return false;
        }
        String inside = type.getSimpleName();
        return switch (type.getPackageName()) {
            case "java.lang" -> OF_LANG.contains(inside) || type.isEnum();
            case "java.util" -> OF_UTIL.contains(inside) || type.isEnum();
            case "java.time" -> OF_TIME.contains(inside) || type.isEnum();
            default -> OTHERS.contains(type.getName()) || type.isEnum();
        };
    }

    /** A registered class stands in a field of its own type, or of an interface that it has. */
    private boolean holdsARegistered(Class<?> type) {
        for (Class<?> each : registered) {
            if (type.isAssignableFrom(each)) {
                return true;
            }
        }
        return false;
    }

    private static String insteadOf(Class<?> type) {
        if (Throwable.class.isAssignableFrom(type)) {
            return "; send what the receiver needs of it as texts, or let the handler throw it";
        }
        return switch (type.getName()) {
            case "java.net.URL" -> "; use URI: comparing two URLs asks the network";
            case "java.lang.Class" -> "; send its name: a class is loaded by the program that needs it";
            default -> "; use a record, an enum, a sealed interface of them or an everyday value of the JDK";
        };
    }
}
