package dev.streamipc.frame;

/**
 * Takes what a decoder finds, on the thread that feeds the decoder, in the order of the stream. Its methods must not
 * block, and the arrays they are given are good only until they return.
 */
public interface FrameSink {

    /**
     * Takes a whole, good frame, of kind {@link Kind#VOID} too.
     *
     * @param frame the frame, reused for the next one
     */
    void frame(Frame frame);

    /**
     * Takes a frame whose header was good and whose payload does not fit its CRC. What stood in its place comes out
     * next, as junk and as the frames that were found in it. Only on a channel that may carry junk.
     *
     * @param head kind, flags, id and offset hold; the payload does not
     */
    void damaged(Frame head);

    /**
     * Takes bytes that belong to no frame. Neighbouring bytes may come in several pieces. Only on a channel that may
     * carry junk.
     *
     * @param bytes an array of the decoder's
     * @param offset index of the first of them
     * @param length how many bytes, at least 1
     */
    void junk(byte[] bytes, int offset, int length);

    /**
     * Takes the news that the other side broke the protocol. Nothing more comes from this decoder.
     *
     * @param rule which rule, and the facts as {@code name=value} with units
     * @param offsetBytes how many bytes of the stream came before that place
     * @param hexNear the bytes from there on that have come in, at most 32, in hex
     */
    void violation(String rule, long offsetBytes, String hexNear);

    /**
     * Takes the news that the stream ended inside a frame, where there can be no junk: a broken rule, unless the other side
     * was killed while it wrote.
     *
     * @param rule as for {@link #violation}, which is what it is unless it is taken otherwise
     * @param offsetBytes where what is left of the frame begins
     * @param hexNear the bytes from there on, at most 32, in hex
     */
    default void cutOff(String rule, long offsetBytes, String hexNear) {
        violation(rule, offsetBytes, hexNear);
    }
}
