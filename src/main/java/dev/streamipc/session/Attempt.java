package dev.streamipc.session;

import dev.streamipc.frame.AttachmentTable;
import dev.streamipc.frame.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Which attempt at its work a request is, and what all attempts have in common, as they stand before its body
 * (docs/PROTOCOL.md, section 16).
 *
 * <pre>
 *  | attempt | length of key | key        |
 *  | 2       | 2             | 0 to 1,024 |
 * </pre>
 */
final class Attempt {

    private static final int FIXED_BYTES = 2 * Short.BYTES;

    private final int number;
    private final byte[] keyBytes;
    private final @Nullable String key;

    private Attempt(int number, byte[] keyBytes, @Nullable String key) {
        this.number = number;
        this.keyBytes = keyBytes;
        this.key = key;
    }

    /** Returns what there is to tell; null if a call like any other says the same. */
    static @Nullable Attempt of(CallOptions options) {
        String key = options.key();
        if (key == null && options.attempt() == 1) {
            return null;
        }
        byte[] keyBytes = key == null ? new byte[0] : key.getBytes(StandardCharsets.UTF_8);
        return new Attempt(options.attempt(), keyBytes, key);
    }

    /**
     * Reads it out of a request that has it.
     *
     * @param at where it stands, behind a table of attachments
     * @throws IOException if it is none; the text says why
     */
    static Attempt read(Frame frame, int at) throws IOException {
        int left = AttachmentTable.of(frame).fieldsBytes() - at - FIXED_BYTES;
        if (left < 0) {
            throw new IOException("request without its attempt: missingBytes=" + -left);
        }
        ByteBuffer in = ByteBuffer.wrap(frame.payload()).position(AttachmentTable.fieldsOffset(frame) + at);
        int number = in.getShort() & 0xFFFF;
        int keyLength = in.getShort() & 0xFFFF;
        if (number == 0 || keyLength > Math.min(left, CallOptions.MAX_KEY_BYTES)) {
            throw new IOException("no attempt of a request: attempt=" + number + ", keyBytes=" + keyLength + ", most="
                    + CallOptions.MAX_KEY_BYTES + ", left=" + left);
        }
        byte[] keyBytes = new byte[keyLength];
        in.get(keyBytes);
        return new Attempt(number, keyBytes, keyLength == 0 ? null : text(keyBytes));
    }

    private static String text(byte[] keyBytes) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(keyBytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new IOException("key of an attempt is no UTF-8: keyBytes=" + keyBytes.length, malformed);
        }
    }

    void writeTo(FrameBuffer out) throws IOException {
        out.writeShort(number);
        out.writeShort(keyBytes.length);
        out.write(keyBytes, 0, keyBytes.length);
    }

    /** Returns how much of the payload it takes. */
    int lengthBytes() {
        return FIXED_BYTES + keyBytes.length;
    }

    int number() {
        return number;
    }

    @Nullable
    String key() {
        return key;
    }
}
