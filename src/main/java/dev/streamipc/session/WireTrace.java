package dev.streamipc.session;

import dev.streamipc.frame.AttachmentTable;
import dev.streamipc.frame.Feature;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Frame;
import dev.streamipc.frame.FrameDecoder;
import dev.streamipc.frame.FrameSink;
import dev.streamipc.serial.TypeEntry;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line for each frame of a session, both ways, at TRACE; never what is in it. */
final class WireTrace {
    /*
     * What comes in is seen as the session's decoder sees it. What goes out is decoded once more, from the very bytes that
     * are handed to the channel, so that the lines stand in the order of the stream and a frame that was taken back shows
     * as the VOID that it became.
     */

    private static final Logger LOG = LoggerFactory.getLogger("dev.streamipc.wire");
    private static final String IN = "in";
    private static final String OUT = "out";
    private static final String NOTHING = "-";
    private static final String UNKNOWN = "?";
    private static final HexFormat DIGITS = HexFormat.of();
    private static final double NANOS_A_MILLI = 1e6;

    private final Logger log;
    private final String sessionName;
    private final PeerSettings settings;
    private final long startNanos;
    private final int ownSalt;
    private volatile @Nullable Agreement agreement;
    private @Nullable FrameDecoder outgoing;

    WireTrace(Facts facts, int ownSalt) {
        this(LOG, facts, ownSalt);
    }

    WireTrace(Logger log, Facts facts, int ownSalt) {
        this.log = log;
        this.sessionName = facts.name();
        this.settings = facts.settings();
        this.startNanos = settings.scheduler().nanoTime();
        this.ownSalt = ownSalt;
    }

    /** From now on messages have names. */
    void agreed(Agreement agreed) {
        agreement = agreed;
    }

    void in(Frame frame) {
        if (log.isTraceEnabled()) {
            line(IN, frame, typeNumber(frame) < 0 ? "" : theirName(typeNumber(frame)));
        }
    }

    /** A frame whose payload does not fit its checksum. */
    void damaged(Frame head) {
        if (log.isTraceEnabled()) {
            line(IN, head, "damaged");
        }
    }

    /** Bytes of others. */
    void junk(int bytes) {
        if (log.isTraceEnabled()) {
            line(IN, List.of("JUNK", NOTHING, NOTHING), bytes, "");
        }
    }

    /** Takes what is about to be written; one thread at a time. Leaves the buffer as it is. */
    void out(ByteBuffer src) {
        if (!log.isTraceEnabled()) {
            outgoing = null;
            return;
        }
        FrameDecoder decoder = outgoing;
        if (decoder == null) {
            decoder = new FrameDecoder(new Outgoing(), FrameDecoder.MAX_PAYLOAD_BYTES, true);
            decoder.salt(ownSalt);
            decoder.allow(EnumSet.allOf(Feature.class));
            outgoing = decoder;
        }
        ByteBuffer rest = src.duplicate();
        while (rest.hasRemaining()) {
            ByteBuffer room = decoder.room();
            int bytes = Math.min(room.remaining(), rest.remaining());
            room.put(rest.slice().limit(bytes));
            rest.position(rest.position() + bytes);
            decoder.received(bytes);
        }
    }

    /** Where tracing began in the middle of a frame, the rest of it is junk to the decoder, and passed over. */
    private final class Outgoing implements FrameSink {

        @Override
        public void frame(Frame frame) {
            line(OUT, frame, typeNumber(frame) < 0 ? "" : ourName(typeNumber(frame)));
        }

        @Override
        public void damaged(Frame head) {}

        @Override
        public void junk(byte[] bytes, int offset, int length) {}

        @Override
        public void violation(String rule, long offsetBytes, String hexNear) {}
    }

    private void line(String direction, Frame frame, String name) {
        List<String> head = List.of(
                frame.kind().name(), "0x" + DIGITS.toHexDigits((short) frame.flags()), DIGITS.toHexDigits(frame.id()));
        line(direction, head, frame.payloadLength(), name);
    }

    /**
     * Writes a line.
     *
     * @param head kind, flags and id
     */
    private void line(String direction, List<String> head, int bytes, String name) {
        double millis = (settings.scheduler().nanoTime() - startNanos) / NANOS_A_MILLI;
        String when = String.format(Locale.ROOT, "%.3f", millis);
        String line = String.format(
                "%-3s %-20s %12s ms %-9s %-6s %-16s %10s B %s",
                direction, sessionName, when, head.get(0), head.get(1), head.get(2), bytes, name);
        log.trace(line.stripTrailing());
    }

    /** Returns the position of the message's type in the list of its sender; -1 where there is no message. */
    private static int typeNumber(Frame frame) {
        int typeAt = typeAt(frame);
        int at = AttachmentTable.fieldsOffset(frame) + typeAt;
        return typeAt >= 0 && at + Short.BYTES <= frame.payloadOffset() + frame.payloadLength()
                ? frame.shortAt(at)
                : -1;
    }

    private static int typeAt(Frame frame) {
        return switch (frame.kind()) {
            case REQUEST, REPLY, NOTIFY, PROGRESS -> 0;
            case PART -> (frame.flags() & Flags.LAST_PART) == 0 ? Long.BYTES : -1;
            default -> -1;
        };
    }

    private String theirName(int number) {
        Agreement agreed = agreement;
        return agreed == null
                ? UNKNOWN
                : agreed.types()
                        .messageAt(number)
                        .flatMap(type -> agreed.types().nameOf(type))
                        .orElse(UNKNOWN);
    }

    private String ourName(int number) {
        List<TypeEntry> types = settings.registry().entries();
        return number < types.size() ? types.get(number).name() : UNKNOWN;
    }
}
