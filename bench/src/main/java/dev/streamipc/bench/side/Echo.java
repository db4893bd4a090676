package dev.streamipc.bench.side;

import dev.streamipc.message.Message;
import dev.streamipc.message.MessageName;
import dev.streamipc.message.Request;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The child of most sides: answers a number by it. */
public final class Echo {

    private Echo() {}

    /** The question. One below zero is never answered. */
    @MessageName("Ask")
    public record Ask(int number) implements Request<Answer> {}

    /** The answer. */
    @MessageName("Answer")
    public record Answer(int number) implements Message {}

    /** Serves inline, or on the session's handler thread if the argument is executor. */
    public static void main(String[] words) throws InterruptedException {
        try (IpcPeer peer = peer().build()) {
            IpcSession parent = peer.createStdioSession();
            parent.onRequest(Ask.class, Echo::answer);
            if (words.length > 0 && words[0].equals("executor")) {
                parent.start();
                while (!parent.awaitClosed(Duration.ofHours(1))) {
                    // Still in use.
                }
            } else {
                parent.serve();
            }
        }
    }

    static Answer answer(Ask ask) {
        while (ask.number() < 0) {
            LockSupport.park();
        }
        return new Answer(ask.number());
    }

    /** Returns a builder with the messages and no other word. */
    public static IpcPeer.Builder peer() {
        return IpcPeer.builder().messages(Ask.class);
    }
}
