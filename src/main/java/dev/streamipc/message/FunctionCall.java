package dev.streamipc.message;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a function by its name. Every peer knows this type without being told. The name is looked up among the functions
 * that the other side has registered, and is nothing else: nothing outside them can be reached.
 *
 * @param function the name
 * @param arguments everyday values, registered records, and lists and maps of them, in the order of the parameters. In a call that came in one may be a {@link RawValue}: {@link #at} makes of it what is wanted
 */
public record FunctionCall(String function, List<@Nullable Object> arguments) implements Request<FunctionValue> {

    /** Refuses a missing name; copies the arguments. */
    public FunctionCall {
        Objects.requireNonNull(function, "function");
        // a side may leave out an empty list
        arguments = Collections.unmodifiableList(new ArrayList<>(Objects.requireNonNullElse(arguments, List.of())));
    }

    /**
     * Makes a call.
     *
     * @param function the name
     * @param arguments in the order of the parameters
     * @return the call
     */
    public static FunctionCall of(String function, @Nullable Object... arguments) {
        return new FunctionCall(function, Arrays.asList(arguments));
    }

    /**
     * Returns how many arguments there are.
     *
     * @return 0 or more
     */
    public int count() {
        return arguments.size();
    }

    /**
     * Returns an argument as a type: exactly as a field of a message of that type would be read. An {@code int} is none of
     * {@code 1.5} and none of {@code "1"}; a {@code long} or a {@code double} is one of {@code 1}.
     *
     * @param <T> the type
     * @param index where it stands, from 0
     * @param type the type, for instance {@code int.class}, {@code Duration.class}, {@code List.class} or a record; {@code
     *     Object.class} takes it as it came: text, number, boolean, list, map
     * @return the argument; null only if it is null there and the type is no primitive and no {@code Optional}
     * @throws IllegalArgumentException if there is none, or it is of another type
     */
    @SuppressWarnings("unchecked") // Class.cast knows no primitive types
    public <T> @Nullable T at(int index, Class<T> type) {
        return (T) at(index, (Type) type);
    }

    /**
     * Returns an argument as a type with parameters. Otherwise like the one with a class.
     *
     * @param index where it stands, from 0
     * @param type the type, for instance that of a method's parameter
     * @return the argument, null as above
     * @throws IllegalArgumentException if there is none, or it is of another type
     */
    public @Nullable Object at(int index, Type type) {
        if (index < 0 || index >= count()) {
            throw new IllegalArgumentException("argument is missing: argument=arguments[" + index + "], function="
                    + function + ", expected=" + PlainValue.name(type) + ", count=" + count());
        }
        try {
            return PlainValue.as(arguments.get(index), type);
        } catch (IllegalArgumentException unfit) {
            throw new IllegalArgumentException(
                    "argument does not fit: argument=arguments[" + index + "], " + unfit.getMessage(), unfit);
        }
    }
}
