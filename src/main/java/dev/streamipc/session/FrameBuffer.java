package dev.streamipc.session;

import dev.streamipc.frame.FrameHeader;
import dev.streamipc.serial.PayloadTooLarge;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One frame being made: room for the header, then the payload as it is written. What is longer than a chunk goes on in further
 * arrays, so that nothing large is copied to grow. Used by one thread at a time.
 */
final class FrameBuffer extends OutputStream {

    private static final int SMALL_BYTES = 512;
    private static final int FIRST_BYTES =
            FrameHeader.LENGTH_BYTES + FrameHeader.CHUNK_MAX_PAYLOAD_BYTES + FrameHeader.CRC_LENGTH_BYTES;
    private static final int NEXT_BYTES = 256 * 1_024;

    /** With the header of an array within a region of G1, which does not move what fills one. */
    private static final int MOST_BYTES = 1_024 * 1_024 - 64;

    private final List<ByteBuffer> full = new ArrayList<>();
    private byte[] bytes = new byte[SMALL_BYTES];
    private int fullBytes;
    private int end = FrameHeader.LENGTH_BYTES;
    private int maxPayloadBytes;

    /** Starts anew, with a limit. */
    void reset(int maxPayloadBytes) {
        this.maxPayloadBytes = maxPayloadBytes;
        if (!full.isEmpty() || bytes.length > FIRST_BYTES) {
            bytes = new byte[SMALL_BYTES];
        }
        full.clear();
        fullBytes = 0;
        end = FrameHeader.LENGTH_BYTES;
    }

    @Override
    public void write(int value) throws IOException {
        reserve(1);
        bytes[end++] = (byte) value;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            reserve(length - done);
            int part = Math.min(length - done, room());
            System.arraycopy(source, offset + done, bytes, end, part);
            end += part;
            done += part;
        }
    }

    void writeShort(int value) throws IOException {
        write(value >>> 8);
        write(value);
    }

    void writeInt(int value) throws IOException {
        writeShort(value >>> 16);
        writeShort(value);
    }

    /** Checks that so much more fits the limit. */
    void requireRoom(long more) throws IOException {
        if (more > maxPayloadBytes - payloadBytes()) {
            throw new PayloadTooLarge(maxPayloadBytes);
        }
    }

    private int room() {
        return bytes.length - FrameHeader.CRC_LENGTH_BYTES - end;
    }

    /** Makes room for all, or, of much, for some. */
    private void reserve(int more) throws IOException {
        requireRoom(more);
        if (more <= room()) {
            return;
        }
        long needed = (long) end + more + FrameHeader.CRC_LENGTH_BYTES;
        if (full.isEmpty() && bytes.length < FIRST_BYTES) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(needed, 2L * bytes.length), FIRST_BYTES));
        }
        if (room() <= 0) {
            full.add(ByteBuffer.wrap(bytes, 0, end));
            fullBytes += end;
            bytes = new byte[Math.min(Math.max(NEXT_BYTES, fullBytes), MOST_BYTES)];
            end = 0;
        }
    }

    int payloadBytes() {
        return fullBytes + end - FrameHeader.LENGTH_BYTES;
    }

    /** Returns the frame in one array: header room, payload, room for the payload's checksum. Valid until the next write. */
    byte[] array() {
        if (!full.isEmpty()) {
            join(detach());
        }
        return bytes;
    }

    /** Takes over the pieces of a whole frame. */
    void join(List<ByteBuffer> pieces) {
        LargeFrame frame = new LargeFrame(pieces);
        bytes = new byte[frame.length() + FrameHeader.CRC_LENGTH_BYTES];
        frame.moveTo(bytes, 0, frame.length());
        end = frame.length();
    }

    /** Returns what was written, header room first, and goes on with other arrays. */
    List<ByteBuffer> detach() {
        List<ByteBuffer> detached = new ArrayList<>(full);
        detached.add(ByteBuffer.wrap(bytes, 0, end));
        full.clear();
        fullBytes = 0;
        bytes = new byte[SMALL_BYTES];
        end = FrameHeader.LENGTH_BYTES;
        return detached;
    }
}
