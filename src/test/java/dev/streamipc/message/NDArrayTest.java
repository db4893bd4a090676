package dev.streamipc.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NDArrayTest {

    private static ByteBuffer zeros(int bytes) {
        return ByteBuffer.allocate(bytes);
    }

    @Test
    void theBufferHasTheByteOrderOfTheNumbers() {
        ByteBuffer numbers =
                zeros(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, 1.5f).putFloat(4, -2);

        NDArray little = NDArray.of(numbers, "<f4", 1, 2);
        NDArray big = NDArray.of(zeros(4).putInt(0, 7), ">i4");

        assertEquals(-2, little.buffer().asFloatBuffer().get(1));
        assertEquals(7, big.buffer().getInt());
        assertTrue(little.buffer().isReadOnly());
        assertEquals(List.of(1, 2), little.shape());
        assertEquals(NDArray.Order.C, new NDArray(big.data(), ">i4", List.of(), null).order());
    }

    @ParameterizedTest
    @ValueSource(strings = {"|b1", "|u1", "<i2", ">u4", "<f2", "<f8", ">c16"})
    void eachSortOfNumberFillsItsShape(String dtype) {
        int bytes = Integer.parseInt(dtype.substring(2));

        NDArray grid = NDArray.of(zeros(6 * bytes), dtype, 2, 3);
        NDArray empty = NDArray.of(zeros(0), dtype, Integer.MAX_VALUE, Integer.MAX_VALUE, 0);

        assertEquals(6 * bytes, grid.data().lengthBytes());
        assertEquals(0, empty.data().lengthBytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "f4", "<f3", "|O8", "<U4", "<i1", "|i2", "<f4,<f4", "=f4"})
    void otherNumbersAreRefused(String dtype) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> NDArray.of(zeros(4), dtype, 1));

        assertTrue(refused.getMessage().startsWith("unknown dtype: dtype=" + dtype), refused.getMessage());
    }

    @Test
    void numbersThatDoNotFillTheShapeAreRefused() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> NDArray.of(zeros(20), "<f4", 2, 3));
        assertEquals(
                "numbers do not fill the shape: shape=[2, 3], dtype=<f4, dueBytes=24, dataBytes=20",
                refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> NDArray.of(zeros(4), "<f4", -1, -1));
        assertThrows(IllegalArgumentException.class, () -> NDArray.of(zeros(0), "<i8", 1 << 30, 1 << 30, 1 << 30));
        Attachment one = Attachment.of(zeros(1));
        List<Integer> deep = Collections.nCopies(65, 1);
        assertThrows(IllegalArgumentException.class, () -> new NDArray(one, "|u1", deep, NDArray.Order.C));
    }
}
