package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.frame.ChunkSink;
import dev.streamipc.frame.FrameDecoder;
import dev.streamipc.frame.FrameSink;
import dev.streamipc.frame.LandingPlaces;
import java.io.IOException;

/** Reads the channel and decodes, one thread at a time: the reader's, or the pump's until it has a reader. */
final class Intake {

    private final IpcChannel channel;
    private final ChunkSink chunks;
    private final FrameDecoder decoder;

    /**
     * Makes an intake that has read nothing.
     *
     * @param sink takes the frames
     * @param places where attachments of answers may go
     */
    Intake(IpcChannel channel, FrameSink sink, int maxPayloadBytes, LandingPlaces places) {
        this.channel = channel;
        this.chunks = new ChunkSink(sink, maxPayloadBytes, places);
        this.decoder = new FrameDecoder(chunks, maxPayloadBytes, channel.mayCarryJunk());
    }

    /** From the next frame on this is how the other side writes. On the thread that reads. */
    void agreed(Agreement agreement) {
        decoder.salt(agreement.other().salt());
        decoder.allow(agreement.features());
        chunks.agreed(agreement.other().salt(), agreement.features());
    }

    /** Takes nothing more of what is read. On the thread that reads. */
    void stop() {
        decoder.stop();
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
