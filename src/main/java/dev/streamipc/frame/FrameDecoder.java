package dev.streamipc.frame;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Finds frames in a stream of bytes, and finds them again behind junk and damage (docs/PROTOCOL.md, section 10). For
 * one thread at a time; never blocks, and allocates nothing for a frame.
 *
 * <p>Until {@link #salt} is called only a HELLO is a frame. The loop of its owner: read into {@link #room()}, then
 * {@link #received}; at the end of the stream, {@link #end()}.
 */
public final class FrameDecoder {

    /*
     * A header is believed when magic and salted checksum fit. What is not believed costs one byte, and the search
     * goes on behind it; what stands before the next believed header is junk. A payload that does not fit its checksum
     * costs the 24 bytes of its header, because bytes of somebody else may have pushed the next frames into the
     * stretch that the length claims. The salt keeps the payload's own bytes from passing as such a frame.
     *
     * Between two calls everything before the first byte that may begin a frame has been given on, so the search
     * always starts at the first byte that is held, and cutting the stream elsewhere changes nothing but the pieces of
     * junk.
     */

    /** The largest limit that a decoder accepts; what one array can hold, with some to spare. */
    public static final int MAX_PAYLOAD_BYTES = Integer.MAX_VALUE - 64 * 1024;

    private static final int NEAR_BYTES = 32;
    private static final int HELLO_STATE = HeaderCrc.stateAfter(0);

    private final FrameSink sink;
    private final HeaderRules rules;
    private final boolean mayCarryJunk;
    private final InboundBuffer in = new InboundBuffer();
    private final Frame frame = new Frame();
    private final CRC32 payloadCrc = new CRC32();

    private int saltState = HELLO_STATE;
    private boolean saltKnown;
    private boolean searching;
    private boolean dead;

    /**
     * Makes a decoder for the start of a stream.
     *
     * @param sink takes what is found
     * @param maxPayloadBytes the largest payload that is accepted, 0 to {@link #MAX_PAYLOAD_BYTES}; a HELLO has a
     *     limit of its own
     * @param mayCarryJunk whether others may write to the stream; if not, junk and damage are violations
     * @throws IllegalArgumentException if the limit is out of range
     */
    public FrameDecoder(FrameSink sink, int maxPayloadBytes, boolean mayCarryJunk) {
        if (maxPayloadBytes < 0 || maxPayloadBytes > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("limit out of range: maxPayloadBytes=" + maxPayloadBytes
                    + ", lowest=0, highest=" + MAX_PAYLOAD_BYTES);
        }
        this.sink = sink;
        this.rules = new HeaderRules(maxPayloadBytes);
        this.mayCarryJunk = mayCarryJunk;
    }

    /**
     * Sets the salt that the other side told in its HELLO; holds from the next frame on. May be called from within
     * {@link FrameSink#frame}, and is to be called there, since the next frame may be in the same bytes.
     *
     * @param salt the four bytes
     */
    public void salt(int salt) {
        saltState = HeaderCrc.stateAfter(salt);
        saltKnown = true;
    }

    /**
     * Takes what optional parts of the wire bring, from now on. May be called from within {@link FrameSink#frame}.
     *
     * @param features those that both sides named
     */
    public void allow(Set<Feature> features) {
        rules.allow(features);
    }

    /**
     * Returns where the next bytes go. Good for one read: what was returned before is void.
     *
     * @return a buffer with an array, with 8,192 bytes of room, or more while a larger frame comes in
     */
    public ByteBuffer room() {
        if (dead) {
            // what was held when it stopped is of no use, and may be more than the room that is left
            in.takeTo(in.end());
        }
        return in.room();
    }

    /**
     * Decodes all that has come in, and gives it to the sink.
     *
     * @param bytes how many were put into the buffer that {@link #room()} returned, from its position on; 0 is allowed
     * @throws IllegalArgumentException if there was no room for so many
     */
    public void received(int bytes) {
        in.filled(bytes);
        if (dead) {
            in.takeTo(in.end());
        } else if (in.hasWanted()) {
            in.want(0);
            decode();
        }
    }

    /** Ends the stream: what is still held becomes junk, or a violation where there can be no junk. */
    public void end() {
        if (!dead && in.heldBytes() > 0 && !mayCarryJunk) {
            dead = true;
            sink.cutOff(
                    "stream ended inside a frame: heldBytes=" + in.heldBytes(), in.offsetBytes(in.start()), hexNear());
        }
        if (!dead) {
            junkTo(in.end());
        }
        stop();
    }

    /** Gives nothing more to the sink, whatever comes in. May be called from within it. */
    public void stop() {
        dead = true;
    }

    int bufferBytes() {
        return in.bytes().length;
    }

    private void decode() {
        int at = in.start();
        while (!dead) {
            at = FrameHeader.findMagic(in.bytes(), at, in.end());
            boolean incomplete = in.end() - at < FrameHeader.LENGTH_BYTES;
            if (incomplete || headerFits(at)) {
                junkTo(at);
                if (incomplete || dead || !takeFrame(at)) {
                    return;
                }
                at = in.start();
            } else {
                at++;
            }
        }
    }

    private boolean headerFits(int at) {
        byte[] bytes = in.bytes();
        boolean hello = FrameHeader.kindNumber(bytes, at) == Kind.HELLO.number();
        int crc = FrameHeader.crc(bytes, at);
        if (HeaderCrc.of(saltState, bytes, at) == crc) {
            return saltKnown || hello;
        }
        boolean inPlace = !searching && at == in.start();
        return hello && inPlace && HeaderCrc.of(HELLO_STATE, bytes, at) == crc;
    }

    /** Gives on the frame at the start; false if it is not all there or breaks a rule. */
    private boolean takeFrame(int at) {
        Kind kind = rules.kindIfLegal(in.bytes(), at);
        if (kind == null) {
            violate(rules.broken(in.bytes(), at));
            return false;
        }
        int lengthBytes = FrameHeader.frameLengthBytes(in.bytes(), at);
        if (in.heldBytes() < lengthBytes) {
            in.want(lengthBytes);
            return false;
        }
        frame.lookAt(in.bytes(), at, kind, in.offsetBytes(at));
        if (payloadFits()) {
            // before the call: a sink that throws must not see the frame again
            in.takeTo(at + lengthBytes);
            searching = false;
            sink.frame(frame);
        } else {
            takeDamaged(at);
        }
        return true;
    }

    private boolean payloadFits() {
        if ((frame.flags() & Flags.PAYLOAD_CRC) == 0) {
            return true;
        }
        int offset = frame.payloadOffset();
        int length = frame.payloadLength();
        payloadCrc.reset();
        payloadCrc.update(frame.payload(), offset, length);
        return (int) payloadCrc.getValue() == FrameHeader.intAt(frame.payload(), offset + length);
    }

    private void takeDamaged(int at) {
        if (!mayCarryJunk) {
            violate("payload does not fit its checksum: kind=" + frame.kind() + ", id=" + Long.toHexString(frame.id())
                    + ", lengthBytes=" + frame.payloadLength());
            return;
        }
        in.takeTo(at + FrameHeader.LENGTH_BYTES);
        searching = true;
        sink.damaged(frame);
    }

    private void junkTo(int at) {
        int from = in.start();
        if (from == at) {
            return;
        }
        if (!mayCarryJunk) {
            violate("bytes that are no frame: junkBytes=" + (at - from));
            return;
        }
        in.takeTo(at);
        searching = true;
        sink.junk(in.bytes(), from, at - from);
    }

    private void violate(String rule) {
        dead = true;
        sink.violation(rule, in.offsetBytes(in.start()), hexNear());
    }

    private String hexNear() {
        int to = Math.min(in.end(), in.start() + NEAR_BYTES);
        return HexFormat.of().formatHex(in.bytes(), in.start(), to);
    }
}
