package dev.streamipc.message;

import org.jspecify.annotations.Nullable;

/**
 * What a function that was asked for by a {@link FunctionCall} has returned. Every peer knows this type without being told.
 *
 * @param value an everyday value, a registered record, or a list or map of them; null if the function returned nothing. In
 *     an answer that came in it may be a {@link RawValue}: {@link #as} makes of it what is wanted
 */
public record FunctionValue(@Nullable Object value) implements Message {

    /**
     * Returns the value as a type: exactly as a field of a message of that type would be read.
     *
     * @param <R> the type
     * @param type the type, for instance {@code int.class}, {@code Duration.class}, {@code List.class} or a record; {@code
     *     Object.class} takes it as it came: text, number, boolean, list, map
     * @return the value; null only if the function returned nothing and the type is no primitive and no {@code Optional},
     *     or if the type is {@code Void}
     * @throws Undecodable if it is of another type
     */
    @SuppressWarnings("unchecked") // Class.cast knows no primitive types
    public <R> @Nullable R as(Class<R> type) {
        try {
            return type == Void.class ? null : (R) PlainValue.as(value, type);
        } catch (IllegalArgumentException unfit) {
            throw new Undecodable(
                    Undecodable.Subject.ANSWER,
                    Undecodable.Side.HERE,
                    "streamipc.Value",
                    "value does not fit: " + unfit.getMessage(),
                    unfit);
        }
    }
}
