package dev.streamipc.session;

import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.SharedTypes;

/** What the two HELLOs of a session come to. */
record Agreement(MessageSerializer serializer, SharedTypes types, boolean chunks, Hello other) {

    /** The largest payload that the other side takes. */
    int otherMaxPayloadBytes() {
        return other.maxPayloadBytes();
    }

    /** Whether a frame of such a length leaves in chunks. */
    boolean isLarge(int lengthBytes) {
        return chunks && lengthBytes > Aside.LEAST_LARGE_BYTES;
    }
}
