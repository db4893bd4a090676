package dev.streamipc.channel;

/** Memory that two processes see: words of 8 bytes that steer, and bytes. Safe for one reading and one writing thread. */
interface SharedWords {

    /** Reads a word; what was written before it is seen, too. */
    long get(int offset);

    /** Writes a word, behind all that was read and written before. */
    void set(int offset, long value);

    /** Writes a word and returns what it was, in one step. */
    long swap(int offset, long value);

    /** Keeps what follows from being read before what precedes is there for all to see. */
    void fence();

    /** Copies bytes out of the shared memory. */
    void read(int offset, byte[] dst, int start, int count);

    /** Copies bytes into the shared memory. */
    void write(int offset, byte[] src, int start, int count);
}
