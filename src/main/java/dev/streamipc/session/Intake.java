package dev.streamipc.session;

import dev.streamipc.callback.SerialExecutor;
import dev.streamipc.channel.IpcChannel;
import dev.streamipc.frame.ChunkSink;
import dev.streamipc.frame.FrameDecoder;
import dev.streamipc.frame.FrameSink;
import dev.streamipc.frame.LandingPlaces;
import java.io.IOException;
import java.util.concurrent.Executor;

/** Reads the channel and decodes, one thread at a time: the reader's, or the pump's until it has a reader. */
final class Intake {

    private final IpcChannel channel;
    private final ChunkSink chunks;
    private final FrameDecoder decoder;
    private final Executor callbacks;

    /** Who takes the frames, where attachments of answers may go, and where the dependents of calls run. */
    record Takers(FrameSink sink, LandingPlaces places, Executor callbacks) {}

    /** Makes an intake that has read nothing. */
    Intake(IpcChannel channel, Takers takers, int maxPayloadBytes) {
        this.channel = channel;
        this.callbacks = takers.callbacks();
        this.chunks = new ChunkSink(takers.sink(), maxPayloadBytes, takers.places());
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

    /** Returns what {@link IpcChannel#availableBytes} does. On the thread that has the right to read. */
    int availableBytes() throws IOException {
        return channel.availableBytes();
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
        decode(bytes);
        return true;
    }

    /** The callbacks of all that came in at once run together: half of all thread switches of a busy session were theirs. */
    private void decode(int bytes) {
        if (!(callbacks instanceof SerialExecutor own)) {
            decoder.received(bytes);
            return;
        }
        own.collect();
        try {
            decoder.received(bytes);
        } finally {
            own.release();
        }
    }
}
