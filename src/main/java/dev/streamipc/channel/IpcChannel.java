package dev.streamipc.channel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A two-way stream of bytes to one other side. It knows nothing of frames or messages.
 *
 * <p>One thread reads and one thread writes at a time, and the two may be different threads at the same time; {@link
 * #close()} may come from any thread. A read that is blocked on a pipe may outlast the close, until the other side
 * writes or goes away: the JDK can't wake it.
 */
public interface IpcChannel extends Closeable {

    /**
     * Blocks until at least one byte has arrived, then takes what is there, up to the room in {@code dst}.
     *
     * @param dst where the bytes go; has an array, has room, stays the caller's
     * @return the number of bytes read, at least 1, or -1 once the other side has closed its direction
     * @throws IOException if this channel was closed here, or the operating system reports an error
     */
    int read(ByteBuffer dst) throws IOException;

    /**
     * Blocks until all of {@code src} is handed over, which is not to say that the other side has read it.
     *
     * @param src the bytes; has an array, stays the caller's, has no bytes left on return
     * @throws IOException if either side has closed; how much of {@code src} went out is not known
     */
    void write(ByteBuffer src) throws IOException;

    /**
     * Releases both directions. The other side reads what was written, then the end of the stream. Closing a closed
     * channel does nothing.
     */
    @Override
    void close() throws IOException;

    /**
     * Returns how many bytes a write takes without blocking while the other side reads nothing.
     *
     * @return bytes; 0, the default, if that is not known, and then only a thread of its own ever writes
     */
    default int capacityBytes() {
        return 0;
    }

    /**
     * Returns whether a virtual thread that blocks in {@link #read} gives its carrier back, as on sockets. Reads of pipes do not.
     *
     * @return true if the reader of a session may be a virtual thread; false by default
     */
    default boolean parksVirtualThreads() {
        return false;
    }

    /**
     * Returns whether bytes of others may stand between ours, as on stdio, where any library may print.
     *
     * @return true if junk is to be skipped and logged and payloads carry a checksum; false, the default, if junk ends
     *     the session
     */
    default boolean mayCarryJunk() {
        return false;
    }
}
