package dev.streamipc.message;

import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Makes one kind of number of another, where nothing is lost but the precision of a floating point number. */
final class PlainNumber {

    private PlainNumber() {}

    static Class<?> boxed(Class<?> type) {
        return type.isPrimitive() ? MethodType.methodType(type).wrap().returnType() : type;
    }

    /** Returns the number as the wanted type; null if it does not fit, or no such type is known here. */
    static @Nullable Object as(Number number, Class<?> wanted) {
        Class<?> type = boxed(wanted);
        BigDecimal exact = exact(number);
        if (exact == null) {
            return type == Double.class && number instanceof Float ? (Object) number.doubleValue() : null;
        }
        try {
            return isWhole(number) ? ofWhole(exact.toBigIntegerExact(), type) : ofFraction(exact, type);
        } catch (ArithmeticException tooLarge) {
            return null;
        }
    }

    private static boolean isWhole(Number number) {
        return number instanceof Integer
                || number instanceof Long
                || number instanceof Short
                || number instanceof Byte
                || number instanceof BigInteger;
    }

    /** Returns null for those that are not finite, and for classes that are not known here. */
    private static @Nullable BigDecimal exact(Number number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        if (number instanceof Double || number instanceof Float) {
            return Double.isFinite(number.doubleValue()) ? new BigDecimal(number.toString()) : null;
        }
        return isWhole(number) ? new BigDecimal(number.toString()) : null;
    }

    private static @Nullable Object ofWhole(BigInteger number, Class<?> type) {
        if (type == Integer.class) {
            return number.intValueExact();
        } else if (type == Long.class) {
            return number.longValueExact();
        } else if (type == Short.class) {
            return number.shortValueExact();
        } else if (type == Byte.class) {
            return number.byteValueExact();
        } else if (type == BigInteger.class) {
            return number;
        }
        return ofFraction(new BigDecimal(number), type);
    }

    private static @Nullable Object ofFraction(BigDecimal number, Class<?> type) {
        if (type == BigDecimal.class) {
            return number;
        } else if (type == Double.class) {
            return Double.isFinite(number.doubleValue()) ? number.doubleValue() : null;
        }
        return type == Float.class && Float.isFinite(number.floatValue()) ? (Object) number.floatValue() : null;
    }
}
