package dev.streamipc.fuzz;

import dev.streamipc.frame.Frame;
import dev.streamipc.frame.FrameSink;
import dev.streamipc.frame.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Notes what a decoder finds, as far as it must not hang on where the stream was cut. */
final class EventSink implements FrameSink {

    private final List<String> events = new ArrayList<>();
    private final CRC32 junk = new CRC32();
    private long junkBytes;
    private boolean ended;
    private Runnable onHello = () -> {};

    void onHello(Runnable action) {
        onHello = action;
    }

    List<String> events() {
        flushJunk();
        return events;
    }

    @Override
    public void frame(Frame frame) {
        CRC32 payload = new CRC32();
        payload.update(frame.payload(), frame.payloadOffset(), frame.payloadLength());
        add("frame " + head(frame) + " payload=" + frame.payloadLength() + ":" + payload.getValue());
        if (frame.kind() == Kind.HELLO) {
            onHello.run();
        }
    }

    @Override
    public void damaged(Frame head) {
        add("damaged " + head(head));
    }

    /** Its pieces are neighbours: where one ends hangs on the cut. */
    @Override
    public void junk(byte[] bytes, int offset, int length) {
        if (length < 1) {
            throw new AssertionError("empty junk: length=" + length);
        }
        junk.update(bytes, offset, length);
        junkBytes += length;
    }

    /** The bytes near it are those that have come in by then. */
    @Override
    public void violation(String rule, long offsetBytes, String hexNear) {
        add("violation " + rule.replaceFirst(":.*", "") + " @" + offsetBytes);
        ended = true;
    }

    private static String head(Frame frame) {
        return frame.kind() + " flags=" + frame.flags() + " id=" + frame.id() + " @" + frame.offsetBytes();
    }

    private void add(String event) {
        if (ended) {
            throw new AssertionError("something comes behind a violation: " + event);
        }
        flushJunk();
        events.add(event);
    }

    private void flushJunk() {
        if (junkBytes > 0) {
            events.add("junk " + junkBytes + ":" + junk.getValue());
            junkBytes = 0;
            junk.reset();
        }
    }
}
