package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.util.Arrays;

/** Reads an array of finite numbers. */
final class NumberArrayReader<T> extends StdScalarDeserializer<T> {

    private static final long serialVersionUID = 1L;

    private static final int FIRST_ROOM = 16;

    private final Class<T> type;

    /** Takes {@code double[]} or {@code float[]}. */
    NumberArrayReader(Class<T> type) {
        super(type);
        this.type = type;
    }

    @Override
    public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
        if (!in.isExpectedStartArrayToken()) {
            context.reportInputMismatch(this, "array of numbers expected: token=%s", in.currentToken());
        }
        return type.cast(type == double[].class ? doubles(in, context) : floats(in, context));
    }

    private static double[] doubles(JsonParser in, DeserializationContext context) throws IOException {
        double[] numbers = new double[FIRST_ROOM];
        int count = 0;
        while (in.nextToken() != JsonToken.END_ARRAY) {
            numbers = count == numbers.length ? Arrays.copyOf(numbers, 2 * count) : numbers;
            numbers[count++] = NumberReader.finite(in, context);
        }
        return Arrays.copyOf(numbers, count);
    }

    private static float[] floats(JsonParser in, DeserializationContext context) throws IOException {
        float[] numbers = new float[FIRST_ROOM];
        int count = 0;
        while (in.nextToken() != JsonToken.END_ARRAY) {
            numbers = count == numbers.length ? Arrays.copyOf(numbers, 2 * count) : numbers;
            numbers[count++] = NumberReader.finiteFloat(in, context);
        }
        return Arrays.copyOf(numbers, count);
    }
}
