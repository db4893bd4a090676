package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.frame.Frame;
import dev.streamipc.frame.FrameSink;
import dev.streamipc.frame.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The channel of a session, with its bytes and frames counted and, if somebody wants to see them, traced. */
final class Wire implements IpcChannel {

    private final IpcChannel channel;
    private final WireTrace trace;
    private final Tally bytesIn = new Tally();
    private final Tally bytesOut = new Tally();
    /** By the number of the kind, which begins at 1. */
    private final Tally[] framesIn = new Tally[Kind.values().length + 1];

    private final Tally junkBytes = new Tally();
    private final Tally damagedFrames = new Tally();

    Wire(Facts facts, WireTrace trace) {
        this.channel = facts.otherEnd().channel();
        this.trace = trace;
        Arrays.setAll(framesIn, kind -> new Tally());
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        int bytes = channel.read(dst);
        bytesIn.add(Math.max(0, bytes));
        return bytes;
    }

    /** Traces first: the answer may be here before the write returns, and a write that hangs is worth a line. */
    @Override
    public void write(ByteBuffer src) throws IOException {
        trace.out(src);
        int bytes = src.remaining();
        channel.write(src);
        bytesOut.add(bytes);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public int capacityBytes() {
        return channel.capacityBytes();
    }

    @Override
    public int availableBytes() throws IOException {
        return channel.availableBytes();
    }

    @Override
    public boolean parksVirtualThreads() {
        return channel.parksVirtualThreads();
    }

    @Override
    public boolean mayCarryJunk() {
        return channel.mayCarryJunk();
    }

    /** Returns what counts and traces all that is found in the stream, and hands it on. */
    FrameSink watched(FrameSink sink) {
        return new Watched(sink);
    }

    private final class Watched implements FrameSink {

        private final FrameSink sink;

        Watched(FrameSink sink) {
            this.sink = sink;
        }

        @Override
        public void frame(Frame frame) {
            framesIn[frame.kind().number()].add(1);
            trace.in(frame);
            sink.frame(frame);
        }

        @Override
        public void damaged(Frame head) {
            damagedFrames.add(1);
            trace.damaged(head);
            sink.damaged(head);
        }

        @Override
        public void junk(byte[] bytes, int offset, int length) {
            junkBytes.add(length);
            trace.junk(length);
            sink.junk(bytes, offset, length);
        }

        @Override
        public void violation(String rule, long offsetBytes, String hexNear) {
            sink.violation(rule, offsetBytes, hexNear);
        }

        @Override
        public void cutOff(String rule, long offsetBytes, String hexNear) {
            sink.cutOff(rule, offsetBytes, hexNear);
        }
    }

    WireTrace trace() {
        return trace;
    }

    long bytesIn() {
        return bytesIn.get();
    }

    long bytesOut() {
        return bytesOut.get();
    }

    long framesIn() {
        return Arrays.stream(framesIn).mapToLong(Tally::get).sum();
    }

    long framesIn(Kind kind) {
        return framesIn[kind.number()].get();
    }

    long junkBytes() {
        return junkBytes.get();
    }

    long damagedFrames() {
        return damagedFrames.get();
    }
}
