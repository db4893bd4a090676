package dev.streamipc.frame;

import java.nio.ByteBuffer;

/** Memory of somebody else's, into which the attachments of one message go as they come in. */
public interface Landing {

    /**
     * Takes bytes, on the thread that reads. Does nothing once their owner has taken the memory back.
     *
     * @param at how many bytes of attachments come before them
     * @param bytes the bytes between position and limit, valid only during this call
     */
    void put(int at, ByteBuffer bytes);

    /**
     * Returns a stretch of the memory.
     *
     * @param at how many bytes of attachments come before it
     * @param length how many bytes
     * @return a view
     */
    ByteBuffer view(int at, int length);
}
