package dev.streamipc.session;

import dev.streamipc.frame.Feature;
import dev.streamipc.frame.FrameEncoder;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Rejected;
import dev.streamipc.serial.MessageSerializer;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tells how much room a message takes before the two sides have agreed on a serializer: the length of its frame, as the
 * first of our serializers writes it. For all threads.
 */
final class Scales {

    private final PeerSettings settings;
    private final Hello ours;
    private final AtomicReference<@Nullable Draft> spare = new AtomicReference<>();

    Scales(PeerSettings settings, Hello ours) {
        this.settings = settings;
        this.ours = ours;
    }

    /** Returns the bytes of a message; what can't be written counts as a header, and fails when it is sent. */
    long bytesOf(Message message) {
        Draft own = spare.getAndSet(null);
        Draft draft = own != null ? own : new Draft(new FrameEncoder(ours.salt()), false, alone());
        try {
            return draft.note(message);
        } catch (Rejected refused) {
            boolean tooLarge = refused.reason() == Rejected.Reason.TOO_LARGE;
            return tooLarge ? settings.limits().maxPayloadBytes() : FrameHeader.LENGTH_BYTES;
        } catch (IpcFailure failure) {
            return FrameHeader.LENGTH_BYTES;
        } finally {
            spare.lazySet(draft);
        }
    }

    /** What we would agree on with ourselves. */
    private Agreement alone() {
        MessageSerializer first = settings.serializers().get(0);
        return new Agreement(
                first,
                settings.registry().agree(settings.registry().entries(), first.needsEqualShapes()),
                EnumSet.of(Feature.CHUNKS, Feature.ATTACHMENTS),
                ours);
    }
}
