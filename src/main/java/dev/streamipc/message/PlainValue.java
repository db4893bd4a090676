package dev.streamipc.message;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a value what is wanted where no serializer is asked: it is of that type, or a number that fits, or a constant's
 * name. Strict as JSON is, so that a function works the same whatever brings its arguments.
 */
final class PlainValue {

    private static final Map<Class<?>, Object> EMPTY = Map.of(
            Optional.class, Optional.empty(),
            OptionalInt.class, OptionalInt.empty(),
            OptionalLong.class, OptionalLong.empty(),
            OptionalDouble.class, OptionalDouble.empty());

    private PlainValue() {}

    /**
     * Returns a value as a type.
     *
     * @throws IllegalArgumentException if it is none
     */
    static @Nullable Object as(@Nullable Object value, Type type) {
        if (value instanceof RawValue raw) {
            return raw.as(type);
        }
        Class<?> wanted = erased(type);
        if (value == null) {
            if (wanted.isPrimitive()) {
                throw unfit(type, null);
            }
            return EMPTY.get(wanted);
        }
        return type instanceof ParameterizedType generic ? ofGeneric(value, wanted, generic) : ofClass(value, wanted);
    }

    private static Object ofClass(Object value, Class<?> wanted) {
        if (PlainNumber.boxed(wanted).isInstance(value)) {
            return value;
        }
        Object made = null;
        if (value instanceof Number number) {
            made = PlainNumber.as(number, wanted);
        } else if (wanted.isEnum() && value instanceof String name) {
            made = constant(wanted, name);
        } else if (value instanceof Optional<?> optional && optional.isPresent()) {
            made = ofClass(optional.get(), wanted);
        } else if (wanted == Optional.class) {
            made = Optional.of(value);
        }
        if (made == null) {
            throw unfit(wanted, value);
        }
        return made;
    }

    private static @Nullable Object constant(Class<?> type, String name) {
        for (Object each : type.getEnumConstants()) {
            if (((Enum<?>) each).name().equals(name)) {
                return each;
            }
        }
        return null;
    }

    /** What stands inside is looked at too, as far as it is a list, a set, a map or an optional. */
    private static Object ofGeneric(Object value, Class<?> wanted, ParameterizedType type) {
        Type[] inside = type.getActualTypeArguments();
        if (wanted == Optional.class) {
            Object held = value instanceof Optional<?> optional ? optional.orElse(null) : value;
            return Optional.ofNullable(as(held, inside[0]));
        }
        if (value instanceof Collection<?> elements && inside.length == 1) {
            return ofElements(elements, wanted, type);
        }
        boolean isPlainMap = wanted.isAssignableFrom(LinkedHashMap.class) && !(value instanceof SortedMap);
        if (value instanceof Map<?, ?> map && inside.length == 2 && isPlainMap) {
            Map<@Nullable Object, @Nullable Object> made = new LinkedHashMap<>();
            map.forEach((key, each) -> made.put(as(key, inside[0]), as(each, inside[1])));
            return Collections.unmodifiableMap(made);
        }
        return ofClass(value, wanted);
    }

    private static Object ofElements(Collection<?> elements, Class<?> wanted, ParameterizedType type) {
        Collection<@Nullable Object> made = new ArrayList<>();
        for (Object each : elements) {
            made.add(as(each, type.getActualTypeArguments()[0]));
        }
        if (wanted.isAssignableFrom(List.class) && !(elements instanceof Set)) {
            return made;
        }
        if (wanted.isAssignableFrom(Set.class) && !(elements instanceof SortedSet)) {
            return new LinkedHashSet<>(made);
        }
        return ofClass(elements, wanted);
    }

    static Class<?> erased(Type type) {
        if (type instanceof Class<?> raw) {
            return raw;
        }
        if (type instanceof ParameterizedType generic) {
            return (Class<?>) generic.getRawType();
        }
        if (type instanceof GenericArrayType array) {
            return erased(array.getGenericComponentType()).arrayType();
        }
        if (type instanceof WildcardType wildcard) {
            return erased(wildcard.getUpperBounds()[0]);
        }
        return type instanceof TypeVariable<?> variable ? erased(variable.getBounds()[0]) : Object.class;
    }

    private static IllegalArgumentException unfit(Type type, @Nullable Object value) {
        String found = value == null ? "null" : name(value.getClass());
        return new IllegalArgumentException("expected=" + name(type) + ", found=" + found);
    }

    /** Returns how a type is called in texts: the JDK's own without their packages. */
    static String name(Type type) {
        return type.getTypeName().replaceAll("java\\.(?:\\w+\\.)+(?=[A-Z])", "");
    }
}
