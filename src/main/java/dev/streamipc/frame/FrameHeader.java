package dev.streamipc.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Where the fields of a frame are (docs/PROTOCOL.md, section 1). All integers are big-endian.
 *
 * <pre>
 *  0       4       5      6       8            16        20        24
 *  +-------+-------+------+-------+------------+---------+---------+-------------+--------------------+
 *  | magic | vers. | kind | flags | request id | length  | header  | payload     | payload CRC-32     |
 *  | 4     | 1     | 1    | 2     | 8          | 4       | CRC 4   | length      | 4, with PAYLOAD_CRC|
 *  +-------+-------+------+-------+------------+---------+---------+-------------+--------------------+
 * </pre>
 */
public final class FrameHeader {

    /** Bytes from the first one of a frame to its payload. */
    public static final int LENGTH_BYTES = 24;

    /** Bytes behind a payload that has {@link Flags#PAYLOAD_CRC}. */
    public static final int CRC_LENGTH_BYTES = 4;

    /** The largest payload of a HELLO, whatever the limit of the session. */
    public static final int HELLO_MAX_PAYLOAD_BYTES = 65_536;

    /** The largest payload of a CHUNK, whatever the limit of the session. */
    public static final int CHUNK_MAX_PAYLOAD_BYTES = 65_536;

    /** The only version of the frame so far. */
    public static final int VERSION = 1;

    static final int MAGIC = 0xFAC1F5FD;
    static final int MAGIC_OFFSET = 0;
    static final int WORD_OFFSET = 4;
    static final int ID_OFFSET = 8;
    static final int LENGTH_OFFSET = 16;
    static final int CRC_OFFSET = 20;

    private static final byte MAGIC_FIRST = (byte) (MAGIC >>> 24);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private FrameHeader() {}

    /**
     * Returns the length of a frame from its first byte to its last, the CRC behind the payload included.
     *
     * @param buffer holds a header that is known to be good
     * @param frameAt index of its first byte
     * @return bytes
     */
    public static int frameLengthBytes(byte[] buffer, int frameAt) {
        int trailerBytes = (flags(buffer, frameAt) & Flags.PAYLOAD_CRC) == 0 ? 0 : CRC_LENGTH_BYTES;
        return LENGTH_BYTES + payloadLengthBytes(buffer, frameAt) + trailerBytes;
    }

    static int version(byte[] buffer, int frameAt) {
        return buffer[frameAt + WORD_OFFSET] & 0xFF;
    }

    /**
     * Returns the number of a frame's kind, as {@link Kind#number} has it.
     *
     * @param buffer holds a header
     * @param frameAt index of its first byte
     * @return 0 to 255
     */
    public static int kindNumber(byte[] buffer, int frameAt) {
        return buffer[frameAt + WORD_OFFSET + 1] & 0xFF;
    }

    static int flags(byte[] buffer, int frameAt) {
        return intAt(buffer, frameAt + WORD_OFFSET) & 0xFFFF;
    }

    /**
     * Returns the request id of a frame.
     *
     * @param buffer holds a header
     * @param frameAt index of its first byte
     * @return all 64 bits
     */
    public static long id(byte[] buffer, int frameAt) {
        return (long) LONG.get(buffer, frameAt + ID_OFFSET);
    }

    /** Returns the length as it stands there: unsigned, so a negative number is over any limit. */
    static int payloadLengthBytes(byte[] buffer, int frameAt) {
        return intAt(buffer, frameAt + LENGTH_OFFSET);
    }

    static int crc(byte[] buffer, int frameAt) {
        return intAt(buffer, frameAt + CRC_OFFSET);
    }

    static int intAt(byte[] buffer, int at) {
        return (int) INT.get(buffer, at);
    }

    static void putInt(byte[] buffer, int at, int value) {
        INT.set(buffer, at, value);
    }

    static void putId(byte[] buffer, int frameAt, long id) {
        LONG.set(buffer, frameAt + ID_OFFSET, id);
    }

    /** Returns version, kind and flags as they stand side by side in a header. */
    static int word(int kindNumber, int flags) {
        return VERSION << 24 | kindNumber << 16 | flags;
    }

    /** Returns the first index from {@code from} on where the magic is, or may yet be; {@code to} if nowhere. */
    static int findMagic(byte[] buffer, int from, int to) {
        int at = from;
        while (at < to && !mayBeMagic(buffer, at, to)) {
            at++;
        }
        return at;
    }

    private static boolean mayBeMagic(byte[] buffer, int at, int to) {
        if (buffer[at] != MAGIC_FIRST) {
            return false;
        }
        int there = Math.min(to - at, Integer.BYTES);
        for (int i = 1; i < there; i++) {
            if (buffer[at + i] != (byte) (MAGIC >>> 24 - 8 * i)) {
                return false;
            }
        }
        return true;
    }
}
