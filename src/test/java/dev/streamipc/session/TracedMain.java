package dev.streamipc.session;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A JVM with one session in which each kind of frame passes at least once. */
final class TracedMain {

    static final String SECRET = "a word that nobody is to see";
    private static final String ANSWER = "{\"text\":\"" + SECRET + "\"}";
    private static final long THEIR_ID = Long.MIN_VALUE | 0x2A;

    private TracedMain() {}

    public static void main(String[] args) throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 16, true);
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build();
                FakeSide other = FakeSide.on(pair.right(), Role.CHILD)) {
            IpcSession session = peer.createSession(pair.left(), Role.PARENT);
            session.onRequest(Ask.class, ask -> new Answer(SECRET));
            session.start();
            other.hello().ready("reader");
            ask(session, other);
            answer(other);
            talk(session, other);
            session.close();
        }
    }

    private static void ask(IpcSession session, FakeSide other) throws Exception {
        CompletableFuture<Answer> first = session.request(new Ask(SECRET), CallOptions.DEFAULT.tellingStarted());
        long id = other.await(Kind.REQUEST).id();
        other.send(Kind.STARTED, 0, id, new byte[0]);
        other.send(Kind.PROGRESS, 0, id, FakeSide.typed(Note.class, "{\"number\":1}"));
        other.send(Kind.REPLY, 0, id, FakeSide.typed(Answer.class, ANSWER));
        first.join();
        CompletableFuture<Answer> second = session.request(new Ask(SECRET));
        other.send(Kind.FAILURE, other.await(Kind.REQUEST).id(), "{\"failure\":\"DeadlinePassed\"}");
        second.handle((answer, failure) -> failure).join();
        CompletableFuture<Answer> third = session.request(new Ask(SECRET));
        other.await(Kind.REQUEST);
        third.cancel(true);
        other.await(Kind.CANCEL);
    }

    private static void answer(FakeSide other) throws Exception {
        other.send(Kind.REQUEST, 0, THEIR_ID, FakeSide.asked(Ask.class, -1, ANSWER));
        other.await(Kind.REPLY);
    }

    private static void talk(IpcSession session, FakeSide other) throws Exception {
        session.notify(new Note(7));
        other.await(Kind.NOTIFY);
        CompletableFuture<Duration> barrier = session.ping(Duration.ofSeconds(10));
        other.send(Kind.PONG, 0, other.await(Kind.PING).id(), new byte[0]);
        barrier.join();
        other.sendRaw((SECRET + "\n").getBytes(StandardCharsets.UTF_8));
        other.send(Kind.VOID, 0, 1, new byte[3]);
        byte[] bad = other.frame(Kind.NOTIFY, 0, 0, new byte[9]);
        bad[bad.length - 1] ^= 1;
        other.sendRaw(bad);
        other.send(Kind.PING, 0, THEIR_ID, new byte[0]);
        other.await(Kind.PONG);
        CompletableFuture<Void> goodbye = CompletableFuture.runAsync(() -> sayGoodbye(other));
        session.close();
        goodbye.join();
    }

    private static void sayGoodbye(FakeSide other) {
        try {
            other.await(Kind.GOODBYE);
            other.send(Kind.GOODBYE, 0, "{\"reason\":\"CLOSED\",\"text\":\"bye\"}");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
