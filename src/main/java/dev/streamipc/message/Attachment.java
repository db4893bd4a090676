package dev.streamipc.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * Raw bytes that travel beside a message, past its serializer: a field of this type anywhere in a record. A message has at
 * most 256 of them; together with the rest of it they count against the other side's {@code maxPayloadBytes}.
 *
 * <p>An attachment does not copy: it is a view of memory that somebody owns.
 *
 * <ul>
 *   <li><b>Who sends</b> must leave the bytes of a request as they are until the call has ended, in whatever way. From then on
 *       nothing reads them any more. Those of a notification, an update, a part or an answer are free when a {@code flush}
 *       behind it has returned.
 *   <li><b>Who receives</b> finds a read-only view of memory that is taken for its message and lasts as long as anybody holds an
 *       attachment of it; or, with {@code CallOptions.attachmentsInto}, of the caller's own memory.
 * </ul>
 *
 * <p>Two attachments are equal if their bytes are. Safe for all threads, as long as nobody changes the bytes.
 */
public final class Attachment {

    private static final int HASHED_BYTES = 256;

    /** Read-only, from position 0 on; never moved. */
    private final ByteBuffer bytes;

    private Attachment(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns an attachment of the bytes between a buffer's position and its limit. The buffer's own position stays.
     *
     * @param bytes on the heap or direct
     * @return a view of them
     */
    public static Attachment of(ByteBuffer bytes) {
        return new Attachment(bytes.slice().asReadOnlyBuffer());
    }

    /**
     * Returns an attachment of the bytes of an array.
     *
     * @param bytes all of it
     * @return a view of them
     */
    public static Attachment of(byte[] bytes) {
        return of(ByteBuffer.wrap(bytes));
    }

    /**
     * Returns a view of the bytes.
     *
     * @return a new read-only buffer, big-endian, at position 0
     */
    public ByteBuffer buffer() {
        return bytes.duplicate();
    }

    /**
     * Returns how many bytes there are.
     *
     * @return 0 or more
     */
    public int lengthBytes() {
        return bytes.remaining();
    }

    /**
     * Copies the bytes.
     *
     * @return a new array
     */
    public byte[] copy() {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Attachment attachment && bytes.equals(attachment.bytes);
    }

    /** Of the length and the first bytes: a large one need not be read for it. */
    @Override
    public int hashCode() {
        byte[] first = new byte[Math.min(bytes.remaining(), HASHED_BYTES)];
        bytes.duplicate().get(first);
        return Objects.hash(bytes.remaining(), Arrays.hashCode(first));
    }

    @Override
    public String toString() {
        return "Attachment[lengthBytes=" + bytes.remaining() + "]";
    }
}
