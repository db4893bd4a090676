package dev.streamipc.faults;

import java.io.IOException;

/** Holds back what a child writes from its reader, so that a parent seems to read slowly, or not at all. For any thread. */
interface Gate {

    void shut();

    void open();

    /** Returns whether the reader stands before the gate, so that all that comes stays where it is. */
    boolean holds();

    /** Returns the bytes that wait for the reader, in the pipe or in the ring. */
    int waiting() throws IOException;
}
