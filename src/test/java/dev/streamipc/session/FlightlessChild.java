package dev.streamipc.session;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.StartFailed;
import dev.streamipc.process.Child;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;

/** A child that does all that is recorded elsewhere, and answers what modules it had for that. */
final class FlightlessChild {

    private FlightlessChild() {}

    public static void main(String[] args) {
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession session = peer.createStdioSession();
            session.onRequest(Ask.class, ask -> {
                boolean recorder = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
                return new Answer("recorder=" + recorder + ", inside=" + askInside(ask.text()) + ", " + failToSpawn());
            });
            session.serve();
        }
    }

    private static String askInside(String text) {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 16);
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession answering = peer.createSession(pair.right(), Role.CHILD);
            answering.onRequest(Ask.class, ask -> new Answer(ask.text()));
            answering.start();
            return peer.createSession(pair.left(), Role.PARENT)
                    .call(new Ask(text))
                    .text();
        }
    }

    private static String failToSpawn() {
        try (IpcPeer peer = IpcPeer.builder().build()) {
            return "spawned " + peer.spawn(Child.command("/no/such/program"));
        } catch (StartFailed failure) {
            return "not spawned";
        }
    }
}
