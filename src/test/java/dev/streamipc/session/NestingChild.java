package dev.streamipc.session;

import dev.streamipc.process.Child;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.nio.file.Path;

/** A child that has children over stdio: one that it spawns, and one that it starts by hand, with its own environment. */
final class NestingChild {

    private NestingChild() {}

    public static void main(String[] args) throws Exception {
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession session = peer.createStdioSession();
            session.onRequest(Ask.class, ask -> {
                IpcSession inner = peer.spawn(Child.java(EchoChild.class));
                IpcSession byHand = peer.createOwnedProcessSession(new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                EchoChild.class.getName())
                        .start());
                return new Answer("inner: " + inner.call(ask).text() + ", by hand: "
                        + byHand.call(ask).text());
            });
            session.serve();
        }
    }
}
