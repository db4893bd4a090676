package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Reads those numbers, and the character, for which Jackson's own readers take more than the protocol has: the text
 * {@code "NaN"}, numbers beyond the range that turn infinite, bytes up to 255, characters as numbers.
 */
final class NumberReader extends StdScalarDeserializer<Object> {

    private static final long serialVersionUID = 1L;

    private enum Kind {
        DOUBLE,
        FLOAT,
        BYTE,
        CHARACTER,
        OPTIONAL
    }

    private static final Map<Class<?>, Kind> KINDS = Map.of(
            double.class, Kind.DOUBLE,
            Double.class, Kind.DOUBLE,
            float.class, Kind.FLOAT,
            Float.class, Kind.FLOAT,
            byte.class, Kind.BYTE,
            Byte.class, Kind.BYTE,
            char.class, Kind.CHARACTER,
            Character.class, Kind.CHARACTER,
            OptionalDouble.class, Kind.OPTIONAL);

    private final Kind kind;

    private NumberReader(Class<?> type, Kind kind) {
        super(type);
        this.kind = kind;
    }

    static @Nullable NumberReader of(Class<?> type) {
        Kind kind = KINDS.get(type);
        return kind == null ? null : new NumberReader(type, kind);
    }

    @Override
    public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
        return switch (kind) {
            case DOUBLE -> finite(in, context);
            case FLOAT -> finiteFloat(in, context);
            case BYTE -> byteOf(in, context);
            case CHARACTER -> character(in, context);
            case OPTIONAL -> OptionalDouble.of(finite(in, context));
        };
    }

    @Override
    public @Nullable Object getNullValue(DeserializationContext context) {
        return kind == Kind.OPTIONAL ? OptionalDouble.empty() : null;
    }

    static double finite(JsonParser in, DeserializationContext context) throws IOException {
        double number = isNumber(in) ? in.getDoubleValue() : Double.NaN;
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            context.reportInputMismatch(double.class, "finite number expected: token=%s", in.currentToken());
        }
        return number;
    }

    static float finiteFloat(JsonParser in, DeserializationContext context) throws IOException {
        float number = (float) finite(in, context);
        if (Float.isInfinite(number)) {
            context.reportInputMismatch(float.class, "number is beyond a float");
        }
        return number;
    }

    private byte byteOf(JsonParser in, DeserializationContext context) throws IOException {
        int number = in.hasToken(JsonToken.VALUE_NUMBER_INT) ? in.getIntValue() : Integer.MAX_VALUE;
        if (number != (byte) number) {
            context.reportInputMismatch(this, "integer of 8 bits expected: token=%s", in.currentToken());
        }
        return (byte) number;
    }

    private char character(JsonParser in, DeserializationContext context) throws IOException {
        String text = in.hasToken(JsonToken.VALUE_STRING) ? in.getText() : "";
        if (text.length() != 1) {
            context.reportInputMismatch(this, "text of one character expected: token=%s", in.currentToken());
        }
        return text.charAt(0);
    }

    private static boolean isNumber(JsonParser in) {
        return in.hasToken(JsonToken.VALUE_NUMBER_FLOAT) || in.hasToken(JsonToken.VALUE_NUMBER_INT);
    }
}
