package dev.streamipc.serial;

import dev.streamipc.message.Message;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Writes messages as payloads and reads them back. A session uses one serializer, agreed on by name when it opens.
 *
 * <p>A user's own serializer implements {@link #name} and {@link #codec}.
 */
public interface MessageSerializer {

    /**
     * Returns the name under which both sides know this serializer.
     *
     * @return 1 to 32 characters out of {@code a-z 0-9 -}
     */
    String name();

    /**
     * Makes a codec for the types that both sides share. Called from any thread, several times a session; each codec is
     * then used by one thread at a time.
     *
     * @param types the types of this session
     * @return a new codec
     */
    Codec codec(SharedTypes types);

    /**
     * Looks at the types of this side when a peer is built, so that one that can't travel is found before a message of it
     * is sent. Does nothing by default; the library's own serializers ask {@link FieldTypes}.
     *
     * @param registry the types of this side
     * @throws IllegalArgumentException if this serializer can't carry one of them; the peer is not built
     */
    default void check(TypeRegistry registry) {}

    /**
     * Returns whether a type can only be exchanged if both sides declare it with the same fields.
     *
     * @return true for formats that write no field names; false by default
     */
    default boolean needsEqualShapes() {
        return false;
    }

    /** Encodes and decodes for one thread at a time. May throw anything: it fails that one message. Must not block. */
    interface Codec {

        /**
         * Writes a message.
         *
         * @param message of a shared type
         * @param out takes the payload; throws {@link PayloadTooLarge} as soon as the limit is passed
         * @throws IOException if the message can't be written
         */
        void encode(Message message, OutputStream out) throws IOException;

        /**
         * Reads a message.
         *
         * @param type the expected type
         * @param payload an array that holds the payload; valid only during this call
         * @param offset index of its first byte
         * @param length number of its bytes, 0 or more
         * @return the message, of exactly that type
         * @throws IOException if the bytes are not such a message
         */
        Message decode(Class<? extends Message> type, byte[] payload, int offset, int length) throws IOException;

        /**
         * Writes a message that may have attachments; this is what a session calls. By default a message whose type has no
         * field for them is written as {@link #encode(Message, OutputStream)} does, and any other is refused.
         *
         * @param message of a shared type
         * @param out takes the payload, without the attachments' bytes
         * @param attachments takes the attachments, and gives their positions
         * @throws IOException if the message can't be written
         */
        default void encode(Message message, OutputStream out, AttachmentsOut attachments) throws IOException {
            if (AttachmentFields.isIn(message.getClass())) {
                throw new IOException("this serializer knows no attachments: codec="
                        + getClass().getName() + ", type=" + message.getClass().getName()
                        + "; let it override encode and decode with attachments");
            }
            encode(message, out);
        }

        /**
         * Reads a message that may have attachments; this is what a session calls. By default one that has some is refused, and
         * any other is read as {@link #decode(Class, byte[], int, int)} does.
         *
         * @param type the expected type
         * @param body what came
         * @return the message, of exactly that type
         * @throws IOException if the bytes are not such a message
         */
        default Message decode(Class<? extends Message> type, Body body) throws IOException {
            if (body.attachments().count() > 0) {
                throw new IOException("this serializer knows no attachments: codec="
                        + getClass().getName() + ", type="
                        + type.getName() + ", count=" + body.attachments().count()
                        + "; let it override encode and decode with attachments");
            }
            ByteBuffer bytes = body.bytes();
            return decode(type, bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        }
    }

    /**
     * A message as it came in.
     *
     * @param bytes the body, between position and limit of a buffer with an array; valid only during the call
     * @param attachments what came beside it
     */
    record Body(ByteBuffer bytes, AttachmentsIn attachments) {}
}
