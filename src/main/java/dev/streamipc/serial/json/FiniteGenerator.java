package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;

/** Refuses NaN and the infinities, whoever writes them. */
final class FiniteGenerator extends JsonGeneratorDelegate {

    FiniteGenerator(JsonGenerator out) {
        super(out, true);
    }

    @Override
    public void writeNumber(double number) throws IOException {
        super.writeNumber(finite(number));
    }

    @Override
    public void writeNumber(float number) throws IOException {
        finite(number);
        super.writeNumber(number);
    }

    @Override
    public void writeArray(double[] array, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            finite(array[i]);
        }
        super.writeArray(array, offset, length);
    }

    private static double finite(double number) throws IOException {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw new IOException("number is not finite and has no JSON: number=" + number);
        }
        return number;
    }
}
