package dev.streamipc.session;

import java.time.Duration;

/** A child that answers messages with attachments. */
final class AttachmentChild {

    private AttachmentChild() {}

    public static void main(String[] args) throws Exception {
        try (IpcPeer peer = AttachmentTest.peer(args[0])) {
            IpcSession session = peer.createStdioSession();
            AttachmentMessages.answer(session);
            session.start();
            session.awaitClosed(Duration.ofMinutes(5));
        }
    }
}
