package dev.streamipc.frame;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a header must keep to once its checksum has shown that the other side meant it (docs/PROTOCOL.md, 1 to 4). */
final class HeaderRules {

    private final int maxPayloadBytes;
    private int reservedKindBits;
    private int reservedFlags;

    HeaderRules(int maxPayloadBytes) {
        this.maxPayloadBytes = maxPayloadBytes;
        allow(Set.of());
    }

    void allow(Set<Feature> features) {
        reservedKindBits = Feature.kindBitsWithout(features);
        reservedFlags = Feature.flagsWithout(features);
    }

    private boolean isReserved(Kind kind) {
        return (kind.bit() & reservedKindBits) != 0;
    }

    private int allowedFlags(Kind kind) {
        return kind.allowedFlags() & ~reservedFlags;
    }

    /** Returns the kind of the frame if its header keeps all the rules, and null if it breaks one. */
    @Nullable
    Kind kindIfLegal(byte[] buffer, int frameAt) {
        Kind kind = Kind.of(FrameHeader.kindNumber(buffer, frameAt));
        if (kind == null || isReserved(kind) || FrameHeader.version(buffer, frameAt) != FrameHeader.VERSION) {
            return null;
        }
        boolean idFits = !kind.idMustBeZero() || FrameHeader.id(buffer, frameAt) == 0;
        return flagsFit(buffer, frameAt, kind) && idFits && lengthFits(buffer, frameAt, kind) ? kind : null;
    }

    /** Returns which rule a header breaks, given that it breaks one, with the facts. */
    String broken(byte[] buffer, int frameAt) {
        int version = FrameHeader.version(buffer, frameAt);
        int number = FrameHeader.kindNumber(buffer, frameAt);
        Kind kind = Kind.of(number);
        if (version != FrameHeader.VERSION) {
            return "unknown frame version: version=" + version + ", known=" + FrameHeader.VERSION;
        }
        if (kind == null) {
            return "unknown frame kind: kind=" + number;
        }
        if (isReserved(kind)) {
            return "reserved frame kind: kind=" + kind;
        }
        if (!flagsFit(buffer, frameAt, kind)) {
            return "flag not allowed here: kind=" + kind + ", flags=0x"
                    + Integer.toHexString(FrameHeader.flags(buffer, frameAt)) + ", allowedFlags=0x"
                    + Integer.toHexString(allowedFlags(kind));
        }
        if (!lengthFits(buffer, frameAt, kind)) {
            return "payload over the limit: lengthBytes="
                    + Integer.toUnsignedString(FrameHeader.payloadLengthBytes(buffer, frameAt)) + ", maxPayloadBytes="
                    + limitOf(kind);
        }
        return "id is not zero: kind=" + kind + ", id=" + Long.toHexString(FrameHeader.id(buffer, frameAt));
    }

    /** Returns whether the flags may stand on such a frame. */
    boolean flagsFit(byte[] buffer, int frameAt, Kind kind) {
        return (FrameHeader.flags(buffer, frameAt) & ~allowedFlags(kind)) == 0;
    }

    private boolean lengthFits(byte[] buffer, int frameAt, Kind kind) {
        int lengthBytes = FrameHeader.payloadLengthBytes(buffer, frameAt);
        return Integer.compareUnsigned(lengthBytes, limitOf(kind)) <= 0;
    }

    private int limitOf(Kind kind) {
        return switch (kind) {
            case HELLO -> FrameHeader.HELLO_MAX_PAYLOAD_BYTES;
            case CHUNK -> FrameHeader.CHUNK_MAX_PAYLOAD_BYTES;
            default -> maxPayloadBytes;
        };
    }
}
