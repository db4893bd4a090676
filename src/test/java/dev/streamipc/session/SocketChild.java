package dev.streamipc.session;

import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;

/** A child that prints to stdout what it is asked, and tells over what it talks. */
final class SocketChild {

    private SocketChild() {}

    public static void main(String[] args) {
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession session = peer.createStdioSession();
            session.onRequest(Ask.class, ask -> {
                System.out.println("printed: " + ask.text());
                return new Answer(Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().startsWith("streamipc-reader"))
                                .count()
                        + " " + session.name());
            });
            session.serve();
        }
    }
}
