package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.util.Optional;

/** A started session that echoes, and whose outbox can be looked into. */
record Probed(IpcSession session, Conversation conversation) {

    static Probed open(IpcPeer.Builder builder, IpcChannel channel, Role role) {
        PeerSettings settings = builder.messages(Samples.ALL).build().settings;
        Facts facts = new Facts(
                role.name(),
                role,
                new WatchedEnd(channel, Optional.empty(), Optional.empty()),
                Admission.FREE,
                settings,
                JvmSurroundings.INSTANCE);
        Conversation conversation = new Conversation(facts, orderly -> {});
        IpcSession session = new IpcSession(facts, conversation);
        session.onRequest(Ask.class, ask -> new Answer(ask.text()));
        conversation.open();
        session.start();
        return new Probed(session, conversation);
    }

    long queuedBytes() {
        return conversation.out.outbox.progress().queuedBytes();
    }
}
