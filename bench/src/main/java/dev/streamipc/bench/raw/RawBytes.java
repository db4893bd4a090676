package dev.streamipc.bench.raw;

import java.io.IOException;

/** Bytes without meaning, both ways. */
interface RawBytes {

    /** Takes so many and forgets them; returns false at the end. */
    boolean take(long bytes) throws IOException;

    /** Takes as many as the array holds. */
    void fill(byte[] all) throws IOException;

    void give(long bytes) throws IOException;
}
