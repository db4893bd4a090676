package dev.streamipc.session;

import dev.streamipc.frame.Feature;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.SharedTypes;
import java.util.Set;

/** What the two HELLOs of a session come to. */
record Agreement(MessageSerializer serializer, SharedTypes types, Set<Feature> features, Hello other) {

    /** The largest payload that the other side takes. */
    int otherMaxPayloadBytes() {
        return other.maxPayloadBytes();
    }

    /** Whether a frame with such a payload leaves in chunks. */
    boolean isLarge(int payloadBytes) {
        return payloadBytes > FrameHeader.CHUNK_MAX_PAYLOAD_BYTES && features.contains(Feature.CHUNKS);
    }
}
