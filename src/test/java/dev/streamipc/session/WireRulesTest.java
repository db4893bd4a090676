package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Cancelled;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import dev.streamipc.message.ProtocolError;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.message.StartFailed;
import dev.streamipc.message.Undecodable;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a session writes, and how it takes what a foreign side writes, frame by frame. */
@Timeout(30)
class WireRulesTest {

    private static final long CHILD_BIT = Long.MIN_VALUE;

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .closeLimit(Duration.ofMillis(500))
            .build();
    private IpcSession parent;
    private FakeSide child;

    @BeforeEach
    void connect() {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 20, true);
        parent = peer.createSession(pair.left(), Role.PARENT);
        child = FakeSide.on(pair.right(), Role.CHILD);
    }

    @AfterEach
    void close() throws Exception {
        child.close();
        peer.close();
    }

    private static IpcFailure failureOf(CompletableFuture<?> call) {
        CompletionException failed = assertThrows(CompletionException.class, call::join);
        return assertInstanceOf(IpcFailure.class, failed.getCause());
    }

    private static byte[] answer(String text) {
        return FakeSide.typed(Answer.class, "{\"text\":\"" + text + "\"}");
    }

    @Test
    void helloComesUnaskedAndRequestsWaitForReady() throws Exception {
        child.await(Kind.HELLO);
        CompletableFuture<Answer> call = parent.request(new Ask("hi"));
        child.hello();
        child.await(Kind.READY);
        child.send(Kind.PING, 0, CHILD_BIT | 1, new byte[0]);
        assertEquals(CHILD_BIT | 1, child.await(Kind.PONG).id());
        assertEquals(List.of(), child.rest());

        child.ready("reader");

        FakeSide.Seen request = child.await(Kind.REQUEST);
        assertTrue(request.text().endsWith("{\"text\":\"hi\"}"), request.text());
        child.send(Kind.REPLY, 0, request.id(), answer("yes"));
        assertEquals(new Answer("yes"), call.join());
    }

    @Test
    void callThatEndsInTheBufferIsOverwrittenByVoid() throws Exception {
        child.hello();
        parent.start();
        child.send(Kind.PING, 0, CHILD_BIT | 1, new byte[0]);
        child.await(Kind.PONG);
        CompletableFuture<Answer> call = parent.request(new Ask("hi"));
        CompletableFuture<Answer> next = parent.request(new Ask("next"));
        call.cancel(false);
        child.ready("reader");

        FakeSide.Seen first = child.await(Kind.VOID);
        FakeSide.Seen second = child.await(Kind.REQUEST);

        assertTrue(second.text().contains("next"));
        assertEquals(first.payload().length, second.payload().length - 2);
        assertTrue(call.isCancelled());
        Throwable failure = call.handle((value, thrown) -> thrown).join();
        assertEquals(
                Certainty.NOT_EXECUTED,
                assertInstanceOf(Cancelled.class, failure).certainty());
        child.send(Kind.REPLY, 0, second.id(), answer("yes"));
        assertEquals(new Answer("yes"), next.join());
    }

    @Test
    void cancelOfASentCallIsToldAndItsLateReplyIsDropped() throws Exception {
        child.hello().ready("reader");
        CompletableFuture<Answer> call = parent.request(new Ask("hi"));
        long id = child.await(Kind.REQUEST).id();
        CountDownLatch late = new CountDownLatch(1);
        parent.events(event -> {
            if (event instanceof SessionEvent.LateAnswer) {
                late.countDown();
            }
        });

        call.cancel(true);
        assertEquals(id, child.await(Kind.CANCEL).id());
        child.send(Kind.REPLY, 0, id, answer("late"));

        assertTrue(late.await(5, TimeUnit.SECONDS));
        Throwable failure = call.handle((value, thrown) -> thrown).join();
        assertEquals(
                Certainty.MAYBE_EXECUTED,
                assertInstanceOf(Cancelled.class, failure).certainty());
    }

    @Test
    void deadlineTellsThePhase() throws Exception {
        CallOptions soon = CallOptions.deadline(Duration.ofMillis(50));
        IpcFailure queued = failureOf(parent.request(new Ask("never sent"), soon));
        assertEquals(
                Phase.QUEUED, assertInstanceOf(DeadlinePassed.class, queued).phase());

        child.hello().ready("reader");
        child.send(Kind.PING, 0, CHILD_BIT | 1, new byte[0]);
        child.await(Kind.PONG);
        IpcFailure sent = failureOf(parent.request(new Ask("sent"), soon));
        assertEquals(Phase.SENT, assertInstanceOf(DeadlinePassed.class, sent).phase());

        CompletableFuture<Answer> running = parent.request(
                new Ask("running"), CallOptions.deadline(Duration.ofSeconds(1)).tellingStarted());
        FakeSide.Seen request = child.await(Kind.REQUEST);
        while ((request.flags() & Flags.WANT_STARTED) == 0) {
            request = child.await(Kind.REQUEST);
        }
        child.send(Kind.STARTED, 0, request.id(), new byte[0]);
        assertEquals(
                Phase.RUNNING,
                assertInstanceOf(DeadlinePassed.class, failureOf(running)).phase());
    }

    @Test
    void startedIsSentOnlyIfWanted() throws Exception {
        parent.onRequest(Ask.class, ask -> new Answer(ask.text()));
        child.hello().ready("reader");
        parent.start();
        child.await(Kind.READY);
        byte[] ask = FakeSide.asked(Ask.class, -1, "{\"text\":\"x\"}");

        child.send(Kind.REQUEST, 0, CHILD_BIT | 1, ask);
        assertEquals(CHILD_BIT | 1, child.await(Kind.REPLY).id());
        child.send(Kind.REQUEST, Flags.WANT_STARTED, CHILD_BIT | 2, ask);
        assertEquals(CHILD_BIT | 2, child.await(Kind.STARTED).id());
        assertEquals(CHILD_BIT | 2, child.await(Kind.REPLY).id());
    }

    @Test
    void requestThatComesTooLateIsNotStarted() throws Exception {
        parent.onRequest(Ask.class, ask -> new Answer(ask.text()));
        child.hello().ready("reader");
        parent.start();
        child.await(Kind.READY);

        child.send(Kind.REQUEST, 0, CHILD_BIT | 1, FakeSide.asked(Ask.class, 0, "{\"text\":\"x\"}"));

        assertEquals("DeadlinePassed", child.await(Kind.FAILURE).json().get("failure"));
    }

    @Test
    void undecodableArgumentIsRefusedAndNothingElseIsHurt() throws Exception {
        parent.onRequest(Ask.class, ask -> new Answer(ask.text()));
        child.hello().ready("reader");
        parent.start();
        child.await(Kind.READY);

        child.send(Kind.REQUEST, 0, CHILD_BIT | 1, FakeSide.asked(Ask.class, -1, "{\"text\":["));
        FakeSide.Seen refusal = child.await(Kind.FAILURE);
        assertEquals("Undecodable", refusal.json().get("failure"));
        assertEquals("ARGUMENT", refusal.json().get("subject"));
        child.send(Kind.REQUEST, 0, CHILD_BIT | 2, new byte[] {1, 2, 3});
        assertEquals("Undecodable", child.await(Kind.FAILURE).json().get("failure"));
        child.send(Kind.REQUEST, 0, CHILD_BIT | 3, FakeSide.asked(Ask.class, -1, "{\"text\":\"ok\"}"));
        assertEquals(CHILD_BIT | 3, child.await(Kind.REPLY).id());
    }

    @Test
    void junkInsideAnAnswerFailsThatCallAndTheNextFrameIsFound() throws Exception {
        child.hello().ready("reader");
        CompletableFuture<Answer> first = parent.request(new Ask("1"));
        CompletableFuture<Answer> second = parent.request(new Ask("2"));
        long firstId = child.await(Kind.REQUEST).id();
        long secondId = child.await(Kind.REQUEST).id();
        byte[] good = child.frame(Kind.REPLY, 0, firstId, answer("spoiled"));
        byte[] junk = "printed by a library\n".getBytes(StandardCharsets.UTF_8);
        byte[] spoiled = new byte[good.length + junk.length];
        System.arraycopy(good, 0, spoiled, 0, 30);
        System.arraycopy(junk, 0, spoiled, 30, junk.length);
        System.arraycopy(good, 30, spoiled, 30 + junk.length, good.length - 30);

        child.sendRaw(spoiled);
        child.sendRaw(child.frame(Kind.REPLY, 0, secondId, answer("whole")));

        assertEquals(new Answer("whole"), second.join());
        Undecodable failure = assertInstanceOf(Undecodable.class, failureOf(first));
        assertEquals(Certainty.EXECUTED, failure.certainty());
    }

    @Test
    void damageWithoutEndEndsTheSession() throws Exception {
        child.hello().ready("reader");
        CompletableFuture<Answer> call = parent.request(new Ask("1"));
        child.await(Kind.REQUEST);
        byte[] damaged = child.frame(Kind.NOTIFY, 0, 0, FakeSide.typed(Note.class, "{\"number\":1}"));
        damaged[damaged.length - 1]++;

        child.sendRaw(repeated(damaged, 1_000));
        child.send(Kind.PING, 0, CHILD_BIT | 1, new byte[0]);
        child.await(Kind.PONG);
        assertFalse(call.isDone());
        child.sendRaw(repeated(damaged, 1_001));

        assertInstanceOf(ProtocolError.class, failureOf(call));
    }

    private static byte[] repeated(byte[] frame, int count) {
        ByteBuffer all = ByteBuffer.allocate(frame.length * count);
        while (all.hasRemaining()) {
            all.put(frame);
        }
        return all.array();
    }

    @Test
    void junkBetweenFramesIsAnEvent() throws Exception {
        CompletableFuture<String> junk = new CompletableFuture<>();
        parent.events(event -> {
            if (event instanceof SessionEvent.Junk seen) {
                junk.complete(seen.text());
            }
        });
        parent.start();
        child.sendRaw("a prompt without newline> ".getBytes(StandardCharsets.UTF_8));
        assertEquals("a prompt without newline> ", junk.get(5, TimeUnit.SECONDS));

        child.hello().ready("reader");
        CompletableFuture<Answer> call = parent.request(new Ask("1"));
        child.send(Kind.REPLY, 0, child.await(Kind.REQUEST).id(), answer("yes"));
        assertEquals(new Answer("yes"), call.join());
    }

    @Test
    void goodbyeNamesTheLastStartedRequest() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        parent.onRequest(Ask.class, ask -> {
            entered.countDown();
            release.await();
            return new Answer(ask.text());
        });
        child.hello().ready("reader");
        parent.start();
        child.await(Kind.READY);
        byte[] ask = FakeSide.asked(Ask.class, -1, "{\"text\":\"x\"}");
        child.send(Kind.REQUEST, 0, CHILD_BIT | 1, ask);
        assertTrue(entered.await(5, TimeUnit.SECONDS));
        child.send(Kind.REQUEST, 0, CHILD_BIT | 2, ask);

        parent.beginClose();
        FakeSide.Seen goodbye = child.await(Kind.GOODBYE);
        release.countDown();

        assertEquals("8000000000000001", goodbye.json().get("lastStarted"));
        assertEquals(CHILD_BIT | 1, child.await(Kind.REPLY).id());
        FakeSide.Seen draining = child.await(Kind.FAILURE);
        assertEquals(CHILD_BIT | 2, draining.id());
        assertEquals("DRAINING", draining.json().get("reason"));
        child.send(Kind.GOODBYE, 0, "{\"reason\":\"CLOSED\",\"text\":\"bye\",\"lastStarted\":null}");
        child.awaitEnd();
    }

    @Test
    void callsBehindTheNamedOneWereNotExecuted() throws Exception {
        child.hello().ready("reader");
        CompletableFuture<Answer> first = parent.request(new Ask("1"));
        CompletableFuture<Answer> second = parent.request(new Ask("2"));
        CompletableFuture<Answer> third = parent.request(new Ask("3"));
        child.await(Kind.REQUEST);
        FakeSide.Seen started = child.await(Kind.REQUEST);
        child.await(Kind.REQUEST);

        String last = String.format("%016x", started.id());
        child.send(Kind.GOODBYE, 0, "{\"reason\":\"CLOSED\",\"text\":\"bye\",\"lastStarted\":\"" + last + "\"}");

        assertEquals(
                Rejected.Reason.DRAINING,
                assertInstanceOf(Rejected.class, failureOf(third)).reason());
        child.await(Kind.GOODBYE);
        child.send(Kind.REPLY, 0, started.id(), answer("still answered"));
        assertEquals("still answered", second.join().text());
        child.close();
        SessionClosed closed = assertInstanceOf(SessionClosed.class, failureOf(first));
        assertEquals(SessionClosed.Who.OTHER_SIDE, closed.who());
        assertEquals(Certainty.MAYBE_EXECUTED, closed.certainty());
    }

    @Test
    void goodbyeDoesNotPassABroadcastThatWaits() throws Exception {
        child.hello();
        peer.broadcast(new Note(1));
        parent.beginClose();
        child.ready("reader");

        child.await(Kind.NOTIFY);
        child.await(Kind.GOODBYE);
    }

    @Test
    void secondHelloEndsTheSessionAndSaysWhy() throws Exception {
        child.hello();
        CompletableFuture<Answer> call = parent.request(new Ask("1"));
        child.hello();

        FakeSide.Seen goodbye = child.await(Kind.GOODBYE);
        assertEquals("PROTOCOL_ERROR", goodbye.json().get("reason"));
        assertEquals("second hello", goodbye.json().get("text"));
        assertEquals(
                Certainty.NOT_EXECUTED,
                assertInstanceOf(ProtocolError.class, failureOf(call)).certainty());
    }

    @Test
    void sidesWithoutACommonSerializerRefuseAndNameBoth() throws Exception {
        CompletableFuture<Answer> call = parent.request(new Ask("1"));
        child.send(Kind.HELLO, 0, 0, child.helloJson(List.of("smoke-signals")));

        FakeSide.Seen goodbye = child.await(Kind.GOODBYE);
        assertEquals("REFUSED", goodbye.json().get("reason"));
        String text = String.valueOf(goodbye.json().get("text"));
        assertTrue(text.contains("smoke-signals") && text.contains("kryo"), text);
        assertInstanceOf(StartFailed.class, failureOf(call));
    }

    @Test
    void requestWithTheIdOfThisSideIsAProtocolError() throws Exception {
        child.hello().ready("reader");
        parent.start();
        child.await(Kind.READY);
        CompletableFuture<Answer> call = parent.request(new Ask("1"));

        child.send(Kind.REQUEST, 0, 5, FakeSide.asked(Ask.class, -1, "{\"text\":\"x\"}"));

        assertInstanceOf(ProtocolError.class, failureOf(call));
    }

    @Test
    void answersToUnknownCallsAreDropped() throws Exception {
        child.hello().ready("reader");
        CompletableFuture<Answer> call = parent.request(new Ask("1"));
        long id = child.await(Kind.REQUEST).id();

        child.send(Kind.REPLY, 0, id + 1000, answer("nobody's"));
        child.send(Kind.FAILURE, id + 1001, "{\"failure\":\"Rejected\",\"reason\":\"UNHANDLED\",\"facts\":\"\"}");
        child.send(Kind.REPLY, 0, id, answer("mine"));

        assertEquals(new Answer("mine"), call.join());
    }

    @Test
    void answerOfAWrongTypeIsUndecodable() throws Exception {
        child.hello().ready("reader");
        CompletableFuture<Answer> call = parent.request(new Ask("1"));

        child.send(Kind.REPLY, 0, child.await(Kind.REQUEST).id(), FakeSide.typed(Note.class, "{\"number\":1}"));

        assertInstanceOf(Undecodable.class, failureOf(call));
    }
}
