package dev.streamipc.message;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * An array of numbers with a shape, as NumPy has it: a field of this type in a message is a {@code numpy.ndarray} in Python.
 * The numbers travel as an attachment, uncopied; see there for who may change them, and when.
 *
 * @param data the numbers, one behind the other
 * @param dtype what a number is, in NumPy's words: byte order ({@code <} little-endian, {@code >} big-endian, {@code |} of
 *     single bytes), kind ({@code b} boolean, {@code i} integer, {@code u} unsigned integer, {@code f} floating point,
 *     {@code c} complex: two of these) and bytes, for instance {@code <f4}
 * @param shape the length of each dimension, outermost first; empty for a single number
 * @param order in which the numbers stand; null is {@link Order#C}
 */
public record NDArray(Attachment data, String dtype, List<Integer> shape, Order order) {

    private static final int MAX_DIMENSIONS = 64;
    private static final long MAX_BYTES = 1L << 31;
    private static final Pattern DTYPE = Pattern.compile("\\|[biu]1|[<>](?:[iu][248]|f[248]|c8|c16)");

    /** The order of the numbers of an array. */
    public enum Order {
        /** The last dimension runs fastest: the rows of a table one behind the other. */
        C,
        /** The first dimension runs fastest: the columns of a table one behind the other. */
        F
    }

    /**
     * Checks that the numbers fill the shape.
     *
     * @throws IllegalArgumentException if they do not, or the dtype is none of those above
     */
    public NDArray {
        Objects.requireNonNull(data, "data");
        shape = List.copyOf(shape);
        order = Objects.requireNonNullElse(order, Order.C);
        if (!DTYPE.matcher(dtype).matches()) {
            throw new IllegalArgumentException("unknown dtype: dtype=" + dtype + "; use one such as <f4 or |u1");
        }
        long dueBytes = bytes(shape, Integer.parseInt(dtype.substring(2)));
        if (dueBytes != data.lengthBytes()) {
            throw new IllegalArgumentException("numbers do not fill the shape: shape=" + shape + ", dtype=" + dtype
                    + ", dueBytes=" + dueBytes + ", dataBytes=" + data.lengthBytes());
        }
    }

    private static long bytes(List<Integer> shape, int itemBytes) {
        long bytes = itemBytes;
        for (int length : shape) {
            if (length < 0 || shape.size() > MAX_DIMENSIONS) {
                throw new IllegalArgumentException("no shape of an array: shape=" + shape);
            }
            // more than any attachment holds is too much, whatever it is
            bytes = Math.min(bytes * length, MAX_BYTES);
        }
        return bytes;
    }

    /**
     * Returns an array whose last dimension runs fastest.
     *
     * @param data the numbers between position and limit, in the byte order that the dtype names; not copied
     * @param dtype what a number is, for instance {@code <f4}
     * @param shape the length of each dimension
     * @return a view of the numbers
     * @throws IllegalArgumentException if they do not fill the shape, or the dtype is unknown
     */
    public static NDArray of(ByteBuffer data, String dtype, int... shape) {
        List<Integer> lengths = Arrays.stream(shape).boxed().toList();
        return new NDArray(Attachment.of(data), dtype, lengths, Order.C);
    }

    /**
     * Returns a view of the numbers, in their own byte order: {@code buffer().asFloatBuffer()} and its like read them.
     *
     * @return a new read-only buffer, at position 0
     */
    public ByteBuffer buffer() {
        return data.buffer().order(dtype.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }
}
