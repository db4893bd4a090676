package dev.streamipc.serial;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** What a type looks like, as text and as a hash, so that two sides can compare their declarations. */
final class TypeShapes {

    private TypeShapes() {}

    /** Returns {@code (path: String, parts: List<Part>)} for a record, {@code {INFO, WARN}} for an enum. */
    static String shape(Class<?> type) {
        if (type.isEnum()) {
            return Stream.of(type.getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name())
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return Arrays.stream(type.getRecordComponents())
                .map(part -> part.getName() + ": " + text(part.getGenericType()))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    /**
     * Returns the CRC-32, as 8 hex digits, over the type's line and the sorted lines of all types that it reaches. A
     * line is the name, a blank, the shape and a line feed, in UTF-8.
     */
    static String hash(Class<?> type, Collection<Class<?>> reached) {
        String rest = reached.stream()
                .filter(other -> other != type)
                .map(TypeShapes::line)
                .sorted()
                .collect(Collectors.joining());
        CRC32 crc = new CRC32();
        crc.update((line(type) + rest).getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }

    private static String line(Class<?> type) {
        return TypeNames.of(type) + " " + shape(type) + "\n";
    }

    private static String text(Type type) {
        if (type instanceof Class<?> raw) {
            return raw.isArray() ? text(raw.getComponentType()) + "[]" : TypeNames.of(raw);
        }
        if (type instanceof ParameterizedType generic) {
            return Arrays.stream(generic.getActualTypeArguments())
                    .map(TypeShapes::text)
                    .collect(Collectors.joining(", ", text(generic.getRawType()) + "<", ">"));
        }
        if (type instanceof GenericArrayType array) {
            return text(array.getGenericComponentType()) + "[]";
        }
        if (type instanceof WildcardType wildcard) {
            return "? extends " + text(wildcard.getUpperBounds()[0]);
        }
        return type.getTypeName();
    }
}
