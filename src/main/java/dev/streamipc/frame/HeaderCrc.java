package dev.streamipc.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The salted checksum of a header. A state is what is left after the salt, computed once for each sender. */
final class HeaderCrc {

    /*
     * The CRC-32 of IEEE 802.3 (zlib's) over a salt and 20 bytes of header. java.util.zip.CRC32 gives the same number,
     * but takes twice the time for so few bytes, and it can't start behind a salt. Bytes go through the table eight at
     * a time: row k of the table holds what a byte does to the checksum when k zero bytes follow it, so eight bytes
     * are eight independent look-ups.
     */

    /** IEEE 802.3, bits reversed. */
    private static final int POLYNOMIAL = 0xEDB88320;

    private static final int ROW = 256;
    private static final int[] TABLE = table();
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private HeaderCrc() {}

    /** Returns the state behind the four bytes of a salt. */
    static int stateAfter(int salt) {
        return four(~Integer.reverseBytes(salt));
    }

    /** Returns the checksum of the salt behind {@code state} and the header at {@code frameAt}. */
    static int of(int state, byte[] buffer, int frameAt) {
        int crc = eight(state ^ word(buffer, frameAt), word(buffer, frameAt + 4));
        crc = eight(crc ^ word(buffer, frameAt + 8), word(buffer, frameAt + 12));
        return ~four(crc ^ word(buffer, frameAt + 16));
    }

    private static int word(byte[] buffer, int at) {
        return (int) INT.get(buffer, at);
    }

    private static int eight(int low, int high) {
        return row(7, low) ^ row(6, low >>> 8) ^ row(5, low >>> 16) ^ row(4, low >>> 24) ^ four(high);
    }

    private static int four(int word) {
        return row(3, word) ^ row(2, word >>> 8) ^ row(1, word >>> 16) ^ row(0, word >>> 24);
    }

    private static int row(int row, int value) {
        return TABLE[row * ROW + (value & 0xFF)];
    }

    private static int[] table() {
        int[] table = new int[8 * ROW];
        for (int value = 0; value < ROW; value++) {
            int crc = value;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = crc >>> 1 ^ (crc & 1) * POLYNOMIAL;
            }
            table[value] = crc;
        }
        for (int i = ROW; i < table.length; i++) {
            int before = table[i - ROW];
            table[i] = before >>> 8 ^ table[before & 0xFF];
        }
        return table;
    }
}
