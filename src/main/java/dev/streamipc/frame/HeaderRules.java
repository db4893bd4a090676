package dev.streamipc.frame;

import org.jspecify.annotations.Nullable;

/** What a header must keep to once its checksum has shown that the other side meant it (docs/PROTOCOL.md, 1 to 4). */
final class HeaderRules {

    private final int maxPayloadBytes;
    private boolean chunksAllowed;

    HeaderRules(int maxPayloadBytes) {
        this.maxPayloadBytes = maxPayloadBytes;
    }

    void allowChunks() {
        chunksAllowed = true;
    }

    private boolean isReserved(Kind kind) {
        return kind.isReserved() || (kind == Kind.CHUNK && !chunksAllowed);
    }

    /** Returns the kind of the frame if its header keeps all the rules, and null if it breaks one. */
    @Nullable
    Kind kindIfLegal(byte[] buffer, int frameAt) {
        Kind kind = Kind.of(FrameHeader.kindNumber(buffer, frameAt));
        if (kind == null || isReserved(kind) || FrameHeader.version(buffer, frameAt) != FrameHeader.VERSION) {
            return null;
        }
        boolean flagsFit = (FrameHeader.flags(buffer, frameAt) & ~kind.allowedFlags()) == 0;
        boolean idFits = !kind.idMustBeZero() || FrameHeader.id(buffer, frameAt) == 0;
        return flagsFit && idFits && lengthFits(buffer, frameAt, kind) ? kind : null;
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
        int flags = FrameHeader.flags(buffer, frameAt);
        if ((flags & ~kind.allowedFlags()) != 0) {
            return "flag not allowed here: kind=" + kind + ", flags=0x" + Integer.toHexString(flags)
                    + ", allowedFlags=0x" + Integer.toHexString(kind.allowedFlags());
        }
        if (!lengthFits(buffer, frameAt, kind)) {
            return "payload over the limit: lengthBytes="
                    + Integer.toUnsignedString(FrameHeader.payloadLengthBytes(buffer, frameAt)) + ", maxPayloadBytes="
                    + limitOf(kind);
        }
        return "id is not zero: kind=" + kind + ", id=" + Long.toHexString(FrameHeader.id(buffer, frameAt));
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
