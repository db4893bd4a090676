package dev.streamipc.frame;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts large messages together from their chunks and gives them on as the frames that they are, in the place of their last
 * chunk; everything else, the chunks too, it gives on as it comes. For one thread at a time.
 *
 * <p>A message grows with what has come in, not with what it claims to be; of a quarter that is here memory for all of it is
 * taken. A chunk that is damaged or missing damages its
 * message and no other. Behind a violation nothing more is given on.
 */
public final class ChunkSink implements FrameSink {

    /** How many messages may be on their way at a time, each way. */
    public static final int MAX_MESSAGES = 4;

    private static final int NEAR_BYTES = 32;

    private final FrameSink sink;
    private final HeaderRules rules;
    private final LandingPlaces places;
    private final Map<Long, PartialFrame> partial = new LinkedHashMap<>();
    private final Frame whole = new Frame();
    private int saltState;
    private boolean dead;

    /**
     * Makes a sink in front of another.
     *
     * @param sink takes the frames
     * @param maxPayloadBytes the largest payload of a whole message
     */
    public ChunkSink(FrameSink sink, int maxPayloadBytes) {
        this(sink, maxPayloadBytes, LandingPlaces.NONE);
    }

    /**
     * Makes a sink in front of another, where attachments may land elsewhere.
     *
     * @param sink takes the frames
     * @param maxPayloadBytes the largest payload of a whole message
     * @param places asked once for each large answer with attachments
     */
    public ChunkSink(FrameSink sink, int maxPayloadBytes, LandingPlaces places) {
        this.places = places;
        this.sink = sink;
        this.rules = new HeaderRules(maxPayloadBytes);
    }

    /**
     * Sets what the two HELLOs have agreed on, before the first chunk.
     *
     * @param salt the four bytes of the other side
     * @param features those that both sides named
     */
    public void agreed(int salt, Set<Feature> features) {
        rules.allow(features);
        saltState = HeaderCrc.stateAfter(salt);
    }

    @Override
    public void frame(Frame frame) {
        if (dead) {
            return;
        }
        sink.frame(frame);
        if (frame.kind() == Kind.CHUNK) {
            take(frame);
        }
    }

    private void take(Frame chunk) {
        if ((chunk.flags() & Flags.ABANDONED) != 0) {
            partial.remove(chunk.id());
            return;
        }
        PartialFrame message = messageOf(chunk);
        if (message == null) {
            return;
        }
        message.add(chunk);
        String broken = message.brokenRule(saltState, rules);
        if (broken != null) {
            violate(broken, chunk);
        } else {
            message.lookForLanding();
            message.lookAhead();
            endIfLast(message, chunk);
        }
    }

    private void endIfLast(PartialFrame message, Frame chunk) {
        if ((chunk.flags() & Flags.LAST_CHUNK) != 0) {
            partial.remove(chunk.id());
            end(message, chunk);
        }
    }

    /** Null where the beginning is lost: the rest can't be understood. */
    private @Nullable PartialFrame messageOf(Frame chunk) {
        return (chunk.flags() & Flags.FIRST_CHUNK) != 0 ? begin(chunk) : partial.get(chunk.id());
    }

    private PartialFrame begin(Frame first) {
        if (partial.size() == MAX_MESSAGES) {
            // its last chunk is lost
            Map.Entry<Long, PartialFrame> oldest = partial.entrySet().iterator().next();
            partial.remove(oldest.getKey());
            oldest.getValue().damage();
            end(oldest.getValue(), first);
        }
        PartialFrame message = new PartialFrame(places);
        partial.put(first.id(), message);
        return message;
    }

    private void end(PartialFrame message, Frame last) {
        if (!message.hasHeader()) {
            return;
        }
        message.show(whole, last.offsetBytes());
        if (message.isWhole()) {
            sink.frame(whole);
        } else {
            sink.damaged(whole);
        }
        whole.letGo();
    }

    private void violate(String rule, Frame chunk) {
        int from = chunk.payloadOffset();
        int to = from + Math.min(NEAR_BYTES, chunk.payloadLength());
        violation(rule, chunk.offsetBytes(), HexFormat.of().formatHex(chunk.payload(), from, to));
    }

    /** Of a chunk that is damaged only the header holds: its message is known to be so when the rest has come. */
    @Override
    public void damaged(Frame head) {
        if (dead) {
            return;
        }
        sink.damaged(head);
        PartialFrame message = head.kind() == Kind.CHUNK ? messageOf(head) : null;
        if (message == null) {
            return;
        }
        message.damage();
        endIfLast(message, head);
    }

    @Override
    public void junk(byte[] bytes, int offset, int length) {
        if (!dead) {
            sink.junk(bytes, offset, length);
        }
    }

    @Override
    public void violation(String rule, long offsetBytes, String hexNear) {
        // the decoder in front knows nothing of the rules of chunks, and goes on
        if (!dead) {
            dead = true;
            partial.clear();
            sink.violation(rule, offsetBytes, hexNear);
        }
    }

    @Override
    public void cutOff(String rule, long offsetBytes, String hexNear) {
        if (!dead) {
            dead = true;
            partial.clear();
            sink.cutOff(rule, offsetBytes, hexNear);
        }
    }
}
