package dev.streamipc.serial;

import dev.streamipc.message.Message;
import dev.streamipc.message.MessageName;

/** Logical names of classes: what stands on the wire instead of class names. */
final class TypeNames {

    private static final int MAX_NAME_CHARS = 200;
    private static final String RESERVED = "streamipc.";

    private TypeNames() {}

    /** Returns what {@link MessageName} says, else the simple name, {@code Outer.Inner} for a member class. */
    static String of(Class<?> type) {
        MessageName given = type.getAnnotation(MessageName.class);
        return given == null ? nested(type) : checked(type, given.value());
    }

    private static String nested(Class<?> type) {
        Class<?> outer = type.getDeclaringClass();
        return outer == null ? type.getSimpleName() : nested(outer).concat(".").concat(type.getSimpleName());
    }

    private static String checked(Class<?> type, String name) {
        boolean printable = name.codePoints().noneMatch(TypeNames::isBlankOrControl);
        if (name.isEmpty() || name.length() > MAX_NAME_CHARS || !printable) {
            throw new IllegalArgumentException("message name refused: class=" + type.getName() + ", name=" + name
                    + "; give it 1 to " + MAX_NAME_CHARS + " printable characters without blanks");
        }
        if (name.startsWith(RESERVED) && !isOfOurs(type)) {
            throw new IllegalArgumentException("message name is reserved: class=" + type.getName() + ", name=" + name
                    + "; names that begin with " + RESERVED + " are the library's own");
        }
        return name;
    }

    private static boolean isOfOurs(Class<?> type) {
        return type.getPackage() == Message.class.getPackage();
    }

    private static boolean isBlankOrControl(int codePoint) {
        return Character.isWhitespace(codePoint)
                || Character.isSpaceChar(codePoint)
                || Character.isISOControl(codePoint)
                || !Character.isDefined(codePoint)
                || Character.getType(codePoint) == Character.SURROGATE;
    }
}
