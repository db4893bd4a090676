package dev.streamipc.frame;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The bytes of a frame of which not all have come. */
final class PartialFrame {

    /** What may be so large. */
    private static final Set<Kind> KINDS =
            EnumSet.of(Kind.REQUEST, Kind.REPLY, Kind.FAILURE, Kind.NOTIFY, Kind.PROGRESS, Kind.PART);

    private static final int FIRST_BYTES = 2 * FrameHeader.CHUNK_MAX_PAYLOAD_BYTES;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int count;
    private boolean damaged;

    /** Adds what a chunk holds; of a damaged message no more is kept than has come. */
    void add(Frame chunk) {
        int length = chunk.payloadLength();
        if (damaged) {
            return;
        }
        if (count + (long) length > bytes.length) {
            bytes = Arrays.copyOf(bytes, grown(count + (long) length));
        }
        System.arraycopy(chunk.payload(), chunk.payloadOffset(), bytes, count, length);
        count += length;
    }

    /** Never more than what is claimed, as far as that is known to be allowed. */
    private int grown(long neededBytes) {
        long claimed = hasHeader() ? FrameHeader.LENGTH_BYTES + (long) claimedBytes() : Long.MAX_VALUE;
        return (int) Math.max(neededBytes, Math.min(2L * bytes.length, claimed));
    }

    private int claimedBytes() {
        return FrameHeader.payloadLengthBytes(bytes, 0);
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
        boolean isMore = count > FrameHeader.LENGTH_BYTES + (long) claimedBytes();
        return isMore ? "chunks of more than was claimed: lengthBytes=" + claimedBytes() : null;
    }

    boolean isWhole() {
        return !damaged && count == FrameHeader.LENGTH_BYTES + (long) claimedBytes();
    }

    void show(Frame frame, long offsetBytes) {
        Kind kind = Objects.requireNonNull(Kind.of(FrameHeader.kindNumber(bytes, 0)));
        frame.lookAt(bytes, 0, kind, offsetBytes);
    }
}
