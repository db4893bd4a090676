package dev.streamipc.session;

import dev.streamipc.message.Attachment;
import dev.streamipc.message.Message;
import dev.streamipc.message.MessageName;
import dev.streamipc.message.Request;
import dev.streamipc.message.StreamRequest;
import dev.streamipc.message.UploadRequest;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;

/** A child whose handlers tell which attempt they see. The argument is the name of a serializer. */
final class AttemptChild {

    private AttemptChild() {}

    @MessageName("Work")
    record Work(String text, Attachment data) implements Request<Seen> {}

    @MessageName("Listing")
    record Listing(int parts) implements StreamRequest<Seen> {}

    @MessageName("Bringing")
    record Bringing(String name) implements UploadRequest<Seen, Seen> {}

    /** With an empty key where there is none. */
    @MessageName("Seen")
    record Seen(int attempt, String key, int size) implements Message {}

    static final Class<?>[] ALL = {Work.class, Listing.class, Bringing.class, Seen.class};

    static IpcPeer peer(String serializer) {
        MessageSerializer chosen =
                serializer.equals("json") ? new JsonMessageSerializer() : new KryoMessageSerializer();
        return IpcPeer.builder().messages(ALL).serializers(chosen).build();
    }

    static void answer(IpcSession session) {
        session.onRequest(
                Work.class,
                (work, context) -> seen(
                        context,
                        work.text().length()
                                + (work.data() == null ? 0 : work.data().lengthBytes())));
        session.onStream(Listing.class, (listing, parts) -> {
            for (int i = 0; i < listing.parts(); i++) {
                parts.send(seen(parts.context(), i));
            }
        });
        session.onUpload(Bringing.class, (bringing, parts, context) -> {
            int size = 0;
            for (Seen part : parts) {
                size += part.size();
            }
            return seen(context, size);
        });
    }

    private static Seen seen(RequestContext context, int size) {
        return new Seen(context.attempt(), context.key().orElse(""), size);
    }

    public static void main(String[] args) throws Exception {
        try (IpcPeer peer = peer(args[0])) {
            IpcSession session = peer.createStdioSession();
            answer(session);
            session.serve();
        }
    }
}
