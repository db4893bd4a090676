package dev.streamipc.serial;

import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.FunctionValue;
import dev.streamipc.message.MessageName;
import java.util.Map;

/** Logical names of classes: what stands on the wire instead of class names. */
final class TypeNames {

    private static final int MAX_NAME_CHARS = 200;
    private static final String RESERVED = "streamipc.";

    /** Not by annotation: the JDK makes proxy classes for the first that it reads, milliseconds of each child's start. */
    private static final Map<Class<?>, String> OURS =
            Map.of(FunctionCall.class, "streamipc.Call", FunctionValue.class, "streamipc.Value");

    private TypeNames() {}

    /** Returns what {@link MessageName} says, else the simple name, {@code Outer.Inner} for a member class. */
    static String of(Class<?> type) {
        String ours = OURS.get(type);
        return ours == null ? ofUsers(type) : ours;
    }

    private static String ofUsers(Class<?> type) {
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
        if (name.startsWith(RESERVED)) {
            throw new IllegalArgumentException("message name is reserved: class=" + type.getName() + ", name=" + name
                    + "; names that begin with " + RESERVED + " are the library's own");
        }
        return name;
    }

    private static boolean isBlankOrControl(int codePoint) {
        return Character.isWhitespace(codePoint)
                || Character.isSpaceChar(codePoint)
                || Character.isISOControl(codePoint)
                || !Character.isDefined(codePoint)
                || Character.getType(codePoint) == Character.SURROGATE;
    }
}
