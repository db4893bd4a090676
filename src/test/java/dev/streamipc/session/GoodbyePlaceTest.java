package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Rejected;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A goodbye names the last request that was started: what was sent behind it was not, what stands before may have been. */
@Timeout(30)
class GoodbyePlaceTest {

    private static final int MORE_THAN_ARE_REMEMBERED = 300;

    @Test
    void goodbyeNeverTakesAPingForARequest() throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 20, true);
        try (IpcPeer peer = IpcPeer.builder()
                        .messages(Samples.ALL)
                        .closeLimit(Duration.ofMillis(500))
                        .build();
                FakeSide child = FakeSide.on(pair.right(), Role.CHILD)) {
            IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
            child.hello().ready("reader");
            parent.ping(Duration.ofSeconds(20));
            CompletableFuture<Duration> second = parent.ping(Duration.ofSeconds(20));
            child.await(Kind.PING);
            long pingId = child.await(Kind.PING).id();
            CompletableFuture<Answer> running = parent.request(new Ask("running"));
            long runningId = child.await(Kind.REQUEST).id();
            long lastStarted = askAndCancel(parent, child);
            assertEquals(pingId, lastStarted, "the two are numbered alike");
            for (int i = 0; i < MORE_THAN_ARE_REMEMBERED; i++) {
                askAndCancel(parent, child);
            }
            child.send(Kind.PONG, 0, pingId, new byte[0]);
            second.join();

            goodbye(child, lastStarted);
            child.await(Kind.GOODBYE);

            assertFalse(running.isDone(), "it was started, and may yet be answered");
            child.send(Kind.REPLY, 0, runningId, FakeSide.typed(Answer.class, "{\"text\":\"done\"}"));
            assertEquals("done", running.get(10, TimeUnit.SECONDS).text());
        }
    }

    @Test
    void callsBehindOneThatWasAnsweredWereNotExecuted() throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 20, true);
        try (IpcPeer peer = IpcPeer.builder()
                        .messages(Samples.ALL)
                        .closeLimit(Duration.ofMillis(500))
                        .build();
                FakeSide child = FakeSide.on(pair.right(), Role.CHILD)) {
            IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
            child.hello().ready("reader");
            CompletableFuture<Answer> before = parent.request(new Ask("before"));
            child.await(Kind.REQUEST);
            CompletableFuture<Answer> named = parent.request(new Ask("named"));
            long id = child.await(Kind.REQUEST).id();
            child.send(Kind.REPLY, 0, id, FakeSide.typed(Answer.class, "{\"text\":\"done\"}"));
            named.join();
            CompletableFuture<Answer> behind = parent.request(new Ask("behind"));
            child.await(Kind.REQUEST);

            goodbye(child, id);

            CompletionException failed = assertThrows(
                    CompletionException.class,
                    () -> behind.orTimeout(10, TimeUnit.SECONDS).join());
            assertEquals(
                    Rejected.Reason.DRAINING,
                    assertInstanceOf(Rejected.class, failed.getCause()).reason());
            assertFalse(before.isDone(), "it was started before, and may yet be answered");
        }
    }

    private static void goodbye(FakeSide child, long lastStarted) throws Exception {
        byte[] goodbye = new Goodbye(Goodbye.Reason.CLOSED, "bye", OptionalLong.of(lastStarted)).toJson();
        child.send(Kind.GOODBYE, 0, 0, goodbye);
    }

    private static long askAndCancel(IpcSession parent, FakeSide child) throws Exception {
        CompletableFuture<Answer> call = parent.request(new Ask("given up"));
        long id = child.await(Kind.REQUEST).id();
        call.cancel(true);
        return id;
    }
}
