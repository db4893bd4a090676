package dev.streamipc.message;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * A value as a serializer has read it, before anybody has said of which type it is to be. A serializer that writes no types
 * puts it into a {@link FunctionCall} or {@link FunctionValue}. Safe for all threads.
 */
public interface RawValue {

    /**
     * Returns the value as a type.
     *
     * @param type the type; {@code Object.class} takes it as it came
     * @return the value, never null
     * @throws IllegalArgumentException if it is of another type; the text says what was expected and what was found
     */
    @Nullable
    Object as(Type type);
}
