package dev.streamipc.serial.json;

import java.io.CharConversionException;

/** Checks bytes to be UTF-8 as RFC 3629 section 4 has it. Jackson lets overlong forms and surrogates pass. */
final class Utf8 {

    private Utf8() {}

    /** Returns if the bytes are well formed, else throws with the place of the first that is not. */
    static void check(byte[] bytes, int offset, int length) throws CharConversionException {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            int size = bytes[at] >= 0 ? 1 : sizeOf(bytes, at, end);
            if (size == 0) {
                throw new CharConversionException("not UTF-8: byteOffset=" + (at - offset) + ", lengthBytes=" + length);
            }
            at += size;
        }
    }

    /** Returns the number of bytes of the character, 0 if it is malformed. */
    private static int sizeOf(byte[] bytes, int at, int end) {
        int lead = bytes[at] & 0xff;
        if (lead >= 0xc2 && lead <= 0xdf) {
            return tail(bytes, at + 1, end, 1) ? 2 : 0;
        }
        if (at + 1 >= end) {
            return 0;
        }
        int second = bytes[at + 1] & 0xff;
        if (lead >= 0xe0 && lead <= 0xef) {
            boolean shortest = lead != 0xe0 || second >= 0xa0;
            boolean surrogate = lead == 0xed && second >= 0xa0;
            return shortest && !surrogate && tail(bytes, at + 1, end, 2) ? 3 : 0;
        }
        boolean inRange = lead == 0xf0 ? second >= 0x90 : lead == 0xf4 ? second <= 0x8f : lead > 0xf0 && lead < 0xf4;
        return inRange && tail(bytes, at + 1, end, 3) ? 4 : 0;
    }

    private static boolean tail(byte[] bytes, int from, int end, int count) {
        if (from + count > end) {
            return false;
        }
        for (int i = from; i < from + count; i++) {
            if ((bytes[i] & 0xc0) != 0x80) {
                return false;
            }
        }
        return true;
    }
}
