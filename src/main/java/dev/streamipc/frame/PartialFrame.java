package dev.streamipc.frame;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The bytes of a frame of which not all have come. */
final class PartialFrame {

    /** What may be so large. */
    private static final Set<Kind> KINDS =
            EnumSet.of(Kind.REQUEST, Kind.REPLY, Kind.FAILURE, Kind.NOTIFY, Kind.PROGRESS, Kind.PART);

    /** Below this it is quick to take the memory at the end and to move all of it. */
    private static final int AHEAD_LEAST_BYTES = 4 * 1024 * 1024;

    /** Such a share of a message must have come before memory is taken for all of it: a claim alone costs nothing. */
    private static final int AHEAD_SHARE = 4;

    private final LandingPlaces places;
    private final Pieces pieces = new Pieces();
    private @Nullable Landing landing;
    private int landsFrom;
    private boolean landingAsked;
    private boolean aheadAsked;
    private long count;
    private boolean damaged;

    PartialFrame(LandingPlaces places) {
        this.places = places;
    }

    /** Adds what a chunk holds; of a damaged message no more is kept than has come. */
    void add(Frame chunk) {
        if (damaged) {
            return;
        }
        ByteBuffer more = ByteBuffer.wrap(chunk.payload(), chunk.payloadOffset(), chunk.payloadLength());
        if (landing == null) {
            pieces.add(more, hasHeader() ? frameBytes() : Long.MAX_VALUE);
        } else {
            addLanding(more, landing);
        }
        count += chunk.payloadLength();
    }

    private void addLanding(ByteBuffer more, Landing elsewhere) {
        int before = (int) Math.min(Math.max(landsFrom - count, 0), more.remaining());
        ByteBuffer rest = more.duplicate().position(more.position() + before);
        pieces.add(more.limit(more.position() + before), landsFrom);
        if (rest.hasRemaining()) {
            elsewhere.put((int) (count + before - landsFrom), rest);
        }
    }

    /** Looks, once the table is here, whether the attachments have a place of their own. Behind {@link #brokenRule}. */
    void lookForLanding() {
        byte[] bytes = damaged || landingAsked || !hasHeader() ? null : pieces.first();
        if (bytes == null) {
            return;
        }
        int at = FrameHeader.LENGTH_BYTES;
        boolean asks = FrameHeader.kindNumber(bytes, 0) == Kind.REPLY.number()
                && (FrameHeader.flags(bytes, 0) & Flags.ATTACHMENTS) != 0;
        int tableBytes = asks && count >= at + Short.BYTES
                ? AttachmentTable.lengthBytes(AttachmentTable.count(bytes, at))
                : Integer.MAX_VALUE - at;
        landingAsked = !asks || count >= at + tableBytes;
        if (asks
                && landingAsked
                && tableBytes > 0
                && tableBytes <= AttachmentTable.lengthBytes(AttachmentTable.MAX_COUNT)) {
            land(bytes);
        }
    }

    private void land(byte[] bytes) {
        try {
            AttachmentTable table = AttachmentTable.read(bytes, FrameHeader.LENGTH_BYTES, claimedBytes());
            landing = places.of(FrameHeader.id(bytes, 0), table.attachmentBytes());
            landsFrom = FrameHeader.LENGTH_BYTES + table.attachmentsAt();
        } catch (IOException malformed) {
            // whoever decodes it says so
            return;
        }
        if (landing != null) {
            pieces.land(landsFrom, landing);
        }
    }

    /**
     * Has memory taken for the whole message once much of it is here, while the rest comes in. Behind {@link #lookForLanding}. It
     * takes as long as reading does: the thread that reads has others to serve.
     */
    void lookAhead() {
        if (aheadAsked || damaged || landing != null || !landingAsked || count < AHEAD_LEAST_BYTES / AHEAD_SHARE) {
            return;
        }
        long frameBytes = frameBytes();
        if (frameBytes >= AHEAD_LEAST_BYTES && count >= frameBytes / AHEAD_SHARE && count < frameBytes) {
            aheadAsked = true;
            places.ahead(() -> pieces.takeAhead((int) frameBytes));
        }
    }

    private int claimedBytes() {
        return FrameHeader.payloadLengthBytes(pieces.first(), 0);
    }

    private long frameBytes() {
        return FrameHeader.LENGTH_BYTES + (long) claimedBytes();
    }

    /** A piece of it is lost. */
    void damage() {
        damaged = true;
    }

    boolean hasHeader() {
        return count >= FrameHeader.LENGTH_BYTES;
    }

    /** Returns which rule the frame breaks, null if none so far. */
    @Nullable
    String brokenRule(int saltState, HeaderRules rules) {
        if (damaged || !hasHeader()) {
            return null;
        }
        byte[] bytes = pieces.first();
        Kind kind = Kind.of(FrameHeader.kindNumber(bytes, 0));
        if (HeaderCrc.of(saltState, bytes, 0) != FrameHeader.crc(bytes, 0) || kind == null || !KINDS.contains(kind)) {
            return "chunks of what is no message: kind=" + kind;
        } else if (rules.kindIfLegal(bytes, 0) == null) {
            return rules.broken(bytes, 0);
        } else if ((FrameHeader.flags(bytes, 0) & Flags.PAYLOAD_CRC) != 0) {
            // the chunks have a checksum each
            return "flag not allowed in chunks: kind=" + kind + ", flags=0x"
                    + Integer.toHexString(FrameHeader.flags(bytes, 0));
        }
        return count > frameBytes() ? "chunks of more than was claimed: lengthBytes=" + claimedBytes() : null;
    }

    boolean isWhole() {
        return !damaged && count == frameBytes();
    }

    void show(Frame frame, long offsetBytes) {
        pieces.complete();
        Kind kind = Objects.requireNonNull(Kind.of(FrameHeader.kindNumber(pieces.first(), 0)));
        frame.lookAt(pieces, kind, offsetBytes);
    }
}
