package dev.streamipc.serial;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * What a type looks like, as text and as a hash, so that two sides can compare their declarations. Without streams,
 * lambdas, formats and {@code +}: each of them costs a starting child milliseconds at its first use.
 */
final class TypeShapes {

    private static final int HASH_DIGITS = 8;

    private TypeShapes() {}

    /** Returns {@code (path: String, parts: List<Part>)} for a record, {@code {INFO, WARN}} for an enum. */
    static String shape(Class<?> type) {
        List<String> parts = new ArrayList<>();
        if (type.isEnum()) {
            for (Object constant : type.getEnumConstants()) {
                parts.add(((Enum<?>) constant).name());
            }
            return joined("{", parts, "}");
        }
        for (RecordComponent component : type.getRecordComponents()) {
            parts.add(component.getName().concat(": ").concat(text(component.getGenericType())));
        }
        return joined("(", parts, ")");
    }

    /**
     * Returns the CRC-32, as 8 hex digits, over the type's line and the sorted lines of all types that it reaches. A
     * line is the name, a blank, the shape and a line feed, in UTF-8.
     *
     * @param lines the lines of all types of the registry
     */
    static String hash(Class<?> type, Collection<Class<?>> reached, Map<Class<?>, String> lines) {
        List<String> others = new ArrayList<>();
        for (Class<?> other : reached) {
            if (other != type) {
                others.add(lines.get(other));
            }
        }
        Collections.sort(others);
        others.add(0, lines.get(type));
        CRC32 crc = new CRC32();
        for (String line : others) {
            crc.update(line.getBytes(StandardCharsets.UTF_8));
        }
        String digits = Long.toHexString(crc.getValue());
        return "0".repeat(HASH_DIGITS - digits.length()).concat(digits);
    }

    static String line(TypeEntry entry) {
        return entry.name().concat(" ").concat(String.valueOf(entry.shape())).concat("\n");
    }

    private static String text(Type type) {
        if (type instanceof Class<?> raw) {
            return raw.isArray() ? text(raw.getComponentType()).concat("[]") : name(raw);
        }
        if (type instanceof ParameterizedType generic) {
            List<String> arguments = new ArrayList<>();
            for (Type argument : generic.getActualTypeArguments()) {
                arguments.add(text(argument));
            }
            return joined(text(generic.getRawType()).concat("<"), arguments, ">");
        }
        if (type instanceof GenericArrayType array) {
            return text(array.getGenericComponentType()).concat("[]");
        }
        if (type instanceof WildcardType wildcard) {
            return "? extends ".concat(text(wildcard.getUpperBounds()[0]));
        }
        return type.getTypeName();
    }

    private static String name(Class<?> type) {
        return TypeWalk.isOfJdk(type) ? type.getSimpleName() : TypeNames.of(type);
    }

    private static String joined(String before, List<String> parts, String behind) {
        return before.concat(String.join(", ", parts)).concat(behind);
    }
}
