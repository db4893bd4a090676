package dev.streamipc.bench.side;

import dev.streamipc.message.Attachment;
import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.process.Child;
import dev.streamipc.process.ChildChannel;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Limits;
import java.nio.ByteBuffer;

/** 64 MiB as an attachment, from the child or to it. */
public final class Attachments {

    /** The size of one attachment. */
    public static final int BYTES = 64 << 20;

    private Attachments() {}

    /** Sends an attachment to the child. */
    public record Up(Attachment bytes) implements Request<Done> {}

    /** It has come. */
    public record Done(int bytes) implements Message {}

    /** Asks for an attachment. */
    public record Down() implements Request<Back> {}

    /** It. */
    public record Back(Attachment bytes) implements Message {}

    /** Takes stdio or unix, and reused, default or up; or child. */
    public static void main(String[] words) throws Exception {
        try (IpcPeer peer = IpcPeer.builder()
                .messages(Up.class, Down.class)
                .limits(Limits.DEFAULT.withMaxPayloadBytes(BYTES + (1 << 20)))
                .build()) {
            if (words[0].equals("child")) {
                serve(peer.createStdioSession());
                return;
            }
            ChildChannel channel = words[0].equals("unix") ? ChildChannel.UNIX_SOCKET : ChildChannel.STDIO;
            IpcSession child =
                    peer.spawn(Child.java(Attachments.class).arguments("child").over(channel));
            measure(child, words[1]);
        }
    }

    private static void serve(IpcSession parent) {
        ByteBuffer back = ByteBuffer.allocate(BYTES);
        parent.onRequest(Up.class, up -> new Done(up.bytes().lengthBytes()));
        parent.onRequest(Down.class, down -> new Back(Attachment.of(back)));
        parent.serve();
    }

    private static void measure(IpcSession child, String way) throws Exception {
        if (way.equals("up")) {
            Attachment load = Attachment.of(new byte[BYTES]);
            Turns.answer(3, () -> new double[] {Timing.gigabytesPerSecond(BYTES, () -> child.call(new Up(load)))});
        } else {
            CallOptions options = way.equals("reused")
                    ? CallOptions.DEFAULT.attachmentsInto(ByteBuffer.allocate(BYTES))
                    : CallOptions.DEFAULT;
            Turns.answer(3, () ->
                    new double[] {Timing.gigabytesPerSecond(BYTES, () -> child.call(new Down(), options))});
        }
    }
}
