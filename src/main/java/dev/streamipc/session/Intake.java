package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.frame.FrameDecoder;
import java.io.IOException;

/** Reads the channel and decodes, one thread at a time: the reader's, or the pump's until it has a reader. */
final class Intake {

    private final IpcChannel channel;
    private final FrameDecoder decoder;

    Intake(IpcChannel channel, FrameDecoder decoder) {
        this.channel = channel;
        this.decoder = decoder;
    }

    /** Returns whether the thread that reads may be a virtual one. */
    boolean parksVirtualThreads() {
        return channel.parksVirtualThreads();
    }

    /**
     * Blocks for one read and gives all frames that are whole then to the decoder's sink.
     *
     * @return false once nothing more will come
     * @throws IOException if the channel is broken or closed
     */
    boolean readOnce() throws IOException {
        int bytes = channel.read(decoder.room());
        if (bytes < 0) {
            decoder.end();
            return false;
        }
        decoder.received(bytes);
        return true;
    }
}
