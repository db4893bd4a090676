package dev.streamipc.session;

import dev.streamipc.frame.FrameHeader;
import dev.streamipc.serial.PayloadTooLarge;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** One frame being made: room for the header, then the payload as it is written. Used by one thread at a time. */
final class FrameBuffer extends OutputStream {

    private static final int SMALL_BYTES = 512;
    private static final int KEPT_BYTES = 64 * 1_024;

    private byte[] bytes = new byte[SMALL_BYTES];
    private int end = FrameHeader.LENGTH_BYTES;
    private int maxPayloadBytes;

    /** Starts anew, with a limit. */
    void reset(int maxPayloadBytes) {
        this.maxPayloadBytes = maxPayloadBytes;
        end = FrameHeader.LENGTH_BYTES;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[SMALL_BYTES];
        }
    }

    @Override
    public void write(int value) throws IOException {
        reserve(1);
        bytes[end++] = (byte) value;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        reserve(length);
        System.arraycopy(source, offset, bytes, end, length);
        end += length;
    }

    void writeShort(int value) throws IOException {
        write(value >>> 8);
        write(value);
    }

    void writeInt(int value) throws IOException {
        writeShort(value >>> 16);
        writeShort(value);
    }

    private void reserve(int more) throws IOException {
        if (more > maxPayloadBytes - payloadBytes()) {
            throw new PayloadTooLarge(maxPayloadBytes);
        }
        int needed = end + more + FrameHeader.CRC_LENGTH_BYTES;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
        }
    }

    /** Returns the array, and goes on with another. */
    byte[] detach() {
        byte[] detached = bytes;
        bytes = new byte[SMALL_BYTES];
        end = FrameHeader.LENGTH_BYTES;
        return detached;
    }

    int payloadBytes() {
        return end - FrameHeader.LENGTH_BYTES;
    }

    /** Returns the array: header room, payload, room for the payload's checksum. Valid until the next write. */
    byte[] array() {
        return bytes;
    }
}
