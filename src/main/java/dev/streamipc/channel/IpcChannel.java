package dev.streamipc.channel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A two-way stream of bytes to one other side. It knows nothing of frames or messages: the bytes arrive as they were
 * written, all of them, in order, but not in the same portions.
 *
 * <p>Three methods are a channel. What a channel of your own has to promise stands here, method by method; a session
 * relies on all of it. In short:
 * <ul>
 * <li>One thread reads and one writes at a time. They are two threads, or the same one at different times, and neither
 *     direction waits for the other: a read goes on while a write is blocked, and the reverse.
 * <li>{@link #close()} comes from any thread, at any time, and more than once.
 * <li>A failure is an {@link IOException}. It ends the session, as does anything else that is thrown.
 * <li>What the channel says of itself, {@link #capacityBytes}, {@link #parksVirtualThreads} and {@link #mayCarryJunk}, it
 *     says at once, and never says otherwise later.
 * </ul>
 *
 * <p>Who may be the other side is the channel's affair: a session talks with whoever is there.
 */
public interface IpcChannel extends Closeable {

    /**
     * Blocks until at least one byte has arrived, then takes what is there, up to the room in {@code dst}. Does not wait
     * for the room to be filled, and keeps no byte back that has arrived.
     *
     * @param dst where the bytes go, from its position on, which moves with them; its limit stays, and no byte outside is
     *     touched. Has an array, perhaps with an offset, and has room; stays the caller's
     * @return the number of bytes read, at least 1, or -1 once the other side has closed its direction and all that it wrote
     *     has been read; then again -1 each time. Writes may go on behind that: an answer that is owed is still
     *     written, as long as the other side reads
     * @throws IOException if this channel was closed here, or the operating system reports an error
     */
    int read(ByteBuffer dst) throws IOException;

    /**
     * Blocks until all of {@code src} is handed over, which is not to say that the other side has read it. What is
     * handed over arrives without another write.
     *
     * @param src the bytes, from its position to its limit; has an array, perhaps with an offset, and has no bytes left on
     *     return; its limit stays. The array is used again right behind the return: a channel that needs the bytes longer
     *     copies them
     * @throws IOException if either side has closed; how much of {@code src} went out is not known
     */
    void write(ByteBuffer src) throws IOException;

    /**
     * Releases both directions. The other side reads what was written, then the end of the stream; where this side has
     * left bytes unread, it may get an exception in the place of the end. Closing a closed channel does nothing.
     *
     * <p>A read that is blocked here need not end by that, but must not hold up the close. It should end, and so should
     * a blocked write, with an exception: while it does not, a thread of the session is left behind until the
     * other side writes or goes away. The JDK can't wake a read of a pipe.
     *
     * @throws IOException if something could not be released; the channel counts as closed nevertheless
     */
    @Override
    void close() throws IOException;

    /**
     * Returns how many bytes are surely taken without blocking while the other side reads nothing, in one write or
     * in several, provided that it has read all that was written before.
     *
     * <p>From 4,096 bytes on, threads of users write by themselves as long as no more than that is unread, which saves a
     * change of threads. Such a thread may have been interrupted: a write of so many bytes must succeed then too, and
     * leave the flag as it is.
     *
     * @return bytes, 0 or more; 0, the default, if that is not known or an interrupt closes the channel, and then
     *     only a thread of its own ever writes
     */
    default int capacityBytes() {
        return 0;
    }

    /**
     * Returns whether a virtual thread that blocks in {@link #read} gives its carrier back, as on sockets. Reads of pipes
     * do not: some 300 of them stop every other virtual thread of the JVM.
     *
     * @return true if the reader of a session may be a virtual thread, where the JVM has them; false by default
     */
    default boolean parksVirtualThreads() {
        return false;
    }

    /**
     * Returns how many bytes {@link #read} would hand over now without waiting: a look that costs a system call at the most. A
     * session asks it where a caller polls for its own answer, on the thread that has the right to read.
     *
     * <p>Where some are there, that thread, which is one of the user's and may have been interrupted, reads them: the read
     * must succeed then too, not wait, and leave the flag as it is. So NIO channels, which an interrupt closes, say -1.
     *
     * @return bytes; 0 if none are there, or the stream has ended; -1, the default, if that can't be told: then nobody polls
     * @throws IOException as {@link #read} does
     */
    default int availableBytes() throws IOException {
        return -1;
    }

    /**
     * Returns whether bytes of others may stand between ours, as on stdio, where any library may print. Each end
     * answers for what it reads and writes; the two ends of one connection should say the same.
     *
     * @return true if junk is to be skipped and logged and payloads carry a checksum; false, the default, if junk ends
     *     the session
     */
    default boolean mayCarryJunk() {
        return false;
    }
}
