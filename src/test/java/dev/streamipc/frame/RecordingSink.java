package dev.streamipc.frame;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Notes what a decoder finds, one line each; neighbouring pieces of junk make one line. */
final class RecordingSink implements FrameSink {

    static final String VIOLATION = "violation";

    private static final int IN_FULL_BYTES = 1024;

    private final List<String> events = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final ByteArrayOutputStream junk = new ByteArrayOutputStream();
    private Runnable onFrame = () -> {};
    private Runnable onDamaged = () -> {};
    private long lastOffsetBytes = -1;

    static String frameEvent(String kind, int flags, long id, byte[] payload) {
        return "frame " + kind + " flags=" + flags + " id=" + Long.toHexString(id) + " payload=" + shown(payload);
    }

    static String damagedEvent(String kind, int flags, long id) {
        return "damaged " + kind + " flags=" + flags + " id=" + Long.toHexString(id);
    }

    static String junkEvent(byte[] bytes) {
        return "junk " + shown(bytes);
    }

    static String junkEvent(String latin1) {
        return junkEvent(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    void onFrame(Runnable action) {
        onFrame = action;
    }

    void onDamaged(Runnable action) {
        onDamaged = action;
    }

    /** Returns the lines so far. */
    List<String> events() {
        flushJunk();
        return List.copyOf(events);
    }

    /** Returns the text of the violation, its offset and the bytes near it, or nothing. */
    List<String> violations() {
        return violations;
    }

    long lastOffsetBytes() {
        return lastOffsetBytes;
    }

    @Override
    public void frame(Frame frame) {
        int from = frame.payloadOffset();
        byte[] payload = Arrays.copyOfRange(frame.payload(), from, from + frame.payloadLength());
        add(frameEvent(frame.kind().name(), frame.flags(), frame.id(), payload));
        lastOffsetBytes = frame.offsetBytes();
        onFrame.run();
    }

    @Override
    public void damaged(Frame head) {
        add(damagedEvent(head.kind().name(), head.flags(), head.id()));
        lastOffsetBytes = head.offsetBytes();
        onDamaged.run();
    }

    @Override
    public void junk(byte[] bytes, int offset, int length) {
        if (length < 1) {
            throw new AssertionError("empty junk: length=" + length);
        }
        junk.write(bytes, offset, length);
    }

    @Override
    public void violation(String rule, long offsetBytes, String hexNear) {
        add(VIOLATION);
        violations.add(rule + " @" + offsetBytes + " " + hexNear);
    }

    private void add(String event) {
        flushJunk();
        events.add(event);
    }

    private void flushJunk() {
        if (junk.size() > 0) {
            events.add(junkEvent(junk.toByteArray()));
            junk.reset();
        }
    }

    private static String shown(byte[] bytes) {
        return bytes.length <= IN_FULL_BYTES
                ? HexFormat.of().formatHex(bytes)
                : bytes.length + " bytes, hash=" + Arrays.hashCode(bytes);
    }
}
