package dev.streamipc.channel;

/**
 * Where a ring is in the shared memory. Positions count all bytes since the beginning, so that none comes twice; the byte at
 * position p is at p modulo the size.
 *
 * <pre>
 *  words +0     | written        | set by the writer: the position behind the last byte
 *        +128   | read           | set by the reader: the position of the next byte
 *        +256   | reader sleeps  | set by the reader; taken back by who of both is first
 *        +264   | reader is gone | set by the reader at its close
 *        +384   | writer sleeps  | set by the writer; taken back by who of both is first
 *        +392   | writer is gone | set by the writer at its close
 *
 *  data  +0     | sizeBytes bytes                          |
 *                 ..... unread bytes .....
 *                 ^ read modulo size      ^ written modulo size
 * </pre>
 *
 * @param words offset of the words; nothing else is in their cache lines
 * @param data offset of the bytes
 * @param sizeBytes a power of two
 */
record RingPlace(int words, int data, int sizeBytes) {

    private static final int LINE_BYTES = 128;

    int written() {
        return words;
    }

    int read() {
        return words + LINE_BYTES;
    }

    int readerSleeps() {
        return words + 2 * LINE_BYTES;
    }

    int readerGone() {
        return readerSleeps() + Long.BYTES;
    }

    int writerSleeps() {
        return words + 3 * LINE_BYTES;
    }

    int writerGone() {
        return writerSleeps() + Long.BYTES;
    }

    /** Returns the offset of the byte at a position. */
    int at(long position) {
        return data + (int) (position & (sizeBytes - 1));
    }

    /** Returns how many bytes stand one behind the other from a position on. */
    int straight(long position) {
        return sizeBytes - (int) (position & (sizeBytes - 1));
    }
}
