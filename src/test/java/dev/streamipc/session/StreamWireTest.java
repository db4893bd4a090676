package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.ProtocolError;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.Undecodable;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Streams.Count;
import dev.streamipc.session.Streams.Part;
import dev.streamipc.session.Streams.Sum;
import dev.streamipc.session.Streams.Total;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a session writes of streams, and how it takes what a foreign side writes of them, frame by frame. */
@Timeout(30)
class StreamWireTest {

    private static final long CHILD_BIT = Long.MIN_VALUE;
    private static final byte[] NOTHING = {};

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Streams.ALL)
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

    private static byte[] part(long number) {
        return FakeSide.part(number, Part.class, "{\"number\":" + number + ",\"bytes\":\"\"}");
    }

    private static Undecodable brokenBy(PartStream<Part> stream) {
        Iterator<Part> parts = stream.iterator();
        return assertThrows(Undecodable.class, () -> parts.forEachRemaining(part -> {}));
    }

    private FakeSide.Seen request() throws Exception {
        child.helloWithFeatures().ready("reader");
        FakeSide.Seen request = child.await(Kind.REQUEST);
        assertEquals(Flags.WANT_PARTS, request.flags() & ~Flags.PAYLOAD_CRC);
        return request;
    }

    @Test
    void demandFollowsTheRequestAlsoFromBeforeTheHello() throws Exception {
        PartStream<Part> stream = parent.stream(new Count(1, 0));
        Iterator<Part> parts = stream.iterator();
        FakeSide.Seen request = request();

        FakeSide.Seen demand = child.await(Kind.DEMAND);
        assertEquals(request.id(), demand.id());
        assertArrayEquals(FakeSide.count(PartQueue.AHEAD), demand.payload());
        child.send(Kind.PART, 0, request.id(), part(0));
        child.send(Kind.PART, Flags.LAST_PART, request.id(), FakeSide.count(1));

        assertEquals(0, parts.next().number());
        assertFalse(parts.hasNext());
    }

    @Test
    void partBeyondTheDemandBreaksTheProtocol() throws Exception {
        PartStream<Part> stream = parent.stream(new Count(1, 0));
        FakeSide.Seen request = request();

        child.send(Kind.PART, 0, request.id(), part(0));
        child.await(Kind.GOODBYE);

        Iterator<Part> parts = stream.iterator();
        ProtocolError error = assertThrows(ProtocolError.class, parts::hasNext);
        assertTrue(error.getMessage().contains("part beyond the demand"), error.getMessage());
    }

    @Test
    void lostPartEndsTheCall() throws Exception {
        PartStream<Part> stream = parent.stream(new Count(3, 0));
        Iterator<Part> parts = stream.iterator();
        FakeSide.Seen request = request();
        child.await(Kind.DEMAND);

        child.send(Kind.PART, 0, request.id(), part(0));
        child.send(Kind.PART, 0, request.id(), part(2));

        assertEquals(0, parts.next().number());
        Undecodable lost = assertThrows(Undecodable.class, parts::hasNext);
        assertEquals(Certainty.EXECUTED, lost.certainty());
        assertEquals(request.id(), child.await(Kind.CANCEL).id());
    }

    @Test
    void endThatCountsOthersEndsTheCall() throws Exception {
        PartStream<Part> stream = parent.stream(new Count(3, 0));
        FakeSide.Seen request = request();

        child.send(Kind.PART, Flags.LAST_PART, request.id(), FakeSide.count(2));

        assertTrue(brokenBy(stream).getMessage().contains("a part was lost on the way: last=2"));
        child.await(Kind.CANCEL);
    }

    @Test
    void damagedPartIsALostOne() throws Exception {
        PartStream<Part> stream = parent.stream(new Count(3, 0));
        FakeSide.Seen request = request();
        Iterator<Part> parts = stream.iterator();
        child.await(Kind.DEMAND);

        byte[] frame = child.frame(Kind.PART, 0, request.id(), part(0));
        frame[FrameHeader.LENGTH_BYTES + 15] ^= 1;
        child.sendRaw(frame);

        assertThrows(Undecodable.class, parts::hasNext);
    }

    @Test
    void partThatCannotBeReadEndsTheCall() throws Exception {
        PartStream<Part> stream = parent.stream(new Count(3, 0));
        Iterator<Part> parts = stream.iterator();
        FakeSide.Seen request = request();
        child.await(Kind.DEMAND);

        child.send(Kind.PART, 0, request.id(), FakeSide.part(0, Part.class, "{\"number\":\"x\"}"));

        assertThrows(Undecodable.class, parts::hasNext);
        child.await(Kind.CANCEL);
    }

    @Test
    void partOfAnotherTypeEndsTheCall() throws Exception {
        PartStream<Part> stream = parent.stream(new Count(3, 0));
        Iterator<Part> parts = stream.iterator();
        FakeSide.Seen request = request();
        child.await(Kind.DEMAND);

        child.send(Kind.PART, 0, request.id(), FakeSide.part(0, Total.class, "{\"sum\":1,\"count\":1}"));

        Undecodable other = assertThrows(Undecodable.class, parts::hasNext);
        assertTrue(other.getMessage().contains("expected a part of type Part"), other.getMessage());
    }

    @Test
    void replyToAStreamIsNoAnswer() throws Exception {
        PartStream<Part> stream = parent.stream(new Count(3, 0));
        FakeSide.Seen request = request();

        child.send(Kind.REPLY, 0, request.id(), FakeSide.typed(Total.class, "{\"sum\":1,\"count\":1}"));

        brokenBy(stream);
    }

    @Test
    void partAndDemandOfUnknownCallsMeanNothing() throws Exception {
        child.helloWithFeatures().ready("reader");
        parent.start();
        child.send(Kind.PART, 0, 99, part(0));
        child.send(Kind.PART, Flags.LAST_PART, CHILD_BIT | 99, FakeSide.count(0));
        child.send(Kind.DEMAND, 0, 99, FakeSide.count(5));
        child.send(Kind.DEMAND, 0, CHILD_BIT | 99, FakeSide.count(5));
        child.send(Kind.PING, 0, CHILD_BIT | 1, NOTHING);

        assertEquals(CHILD_BIT | 1, child.await(Kind.PONG).id());
    }

    @Test
    void partOfACallThatWantsNoneBreaksTheProtocol() throws Exception {
        child.helloWithFeatures().ready("reader");
        var call = parent.request(new Ask("plain"));
        FakeSide.Seen request = child.await(Kind.REQUEST);

        child.send(Kind.PART, 0, request.id(), part(0));

        assertEquals(
                ProtocolError.class,
                assertThrows(java.util.concurrent.CompletionException.class, call::join)
                        .getCause()
                        .getClass());
    }

    @Test
    void shortPartAndDemandBreakTheProtocol() throws Exception {
        child.helloWithFeatures().ready("reader");
        parent.start();
        child.send(Kind.DEMAND, 0, 7, new byte[7]);

        assertTrue(child.await(Kind.GOODBYE).text().contains("demand of a wrong length"));
    }

    @Test
    void sideThatKnowsNoStreamsIsNotAskedForOne() throws Exception {
        child.hello().ready("reader");
        Iterator<Part> parts = parent.stream(new Count(1, 0)).iterator();

        assertEquals(
                Rejected.Reason.UNHANDLED,
                assertThrows(Rejected.class, parts::hasNext).reason());
        assertThrows(Rejected.class, () -> parent.upload(new Sum("none")).finish());
    }

    @Test
    void handlersPartsWaitForDemandAndLessMeansNothing() throws Exception {
        parent.onStream(Count.class, (count, parts) -> {
            for (int i = 0; i < 3; i++) {
                parts.send(Streams.part(i, 0));
            }
        });
        parent.start();
        child.helloWithFeatures().ready("reader");
        child.await(Kind.READY);
        child.send(
                Kind.REQUEST,
                Flags.WANT_PARTS,
                CHILD_BIT | 5,
                FakeSide.asked(Count.class, -1, "{\"upTo\":3,\"bytes\":0}"));
        child.send(Kind.DEMAND, 0, CHILD_BIT | 5, FakeSide.count(1));
        assertEquals(0, number(child.await(Kind.PART)));
        child.send(Kind.DEMAND, 0, CHILD_BIT | 5, FakeSide.count(0));
        child.send(Kind.PING, 0, CHILD_BIT | 1, NOTHING);
        assertEquals(Kind.PONG, child.next().kind());

        child.send(Kind.DEMAND, 0, CHILD_BIT | 5, FakeSide.count(Long.MIN_VALUE));

        assertEquals(1, number(child.await(Kind.PART)));
        assertEquals(2, number(child.await(Kind.PART)));
        FakeSide.Seen last = child.await(Kind.PART);
        assertEquals(Flags.LAST_PART, last.flags() & Flags.LAST_PART);
        assertArrayEquals(FakeSide.count(3), last.payload());
    }

    private static long number(FakeSide.Seen part) {
        assertEquals(CHILD_BIT | 5, part.id());
        return ByteBuffer.wrap(part.payload()).getLong();
    }

    @Test
    void lostPartOfAnUploadReachesItsHandler() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        parent.onUpload(Sum.class, (sum, parts, context) -> {
            try {
                parts.forEach(part -> {});
                return new Total(0, 0);
            } finally {
                read.countDown();
            }
        });
        parent.start();
        child.helloWithFeatures().ready("reader");
        child.await(Kind.READY);
        child.send(Kind.REQUEST, Flags.BRINGS_PARTS, CHILD_BIT | 5, FakeSide.asked(Sum.class, -1, "{\"name\":\"x\"}"));
        child.await(Kind.DEMAND);
        child.send(Kind.PART, 0, CHILD_BIT | 5, part(1));

        read.await();
        assertTrue(child.await(Kind.FAILURE).text().contains("a part was lost on the way"));
    }

    private void sendDamagedDemand(long id) throws Exception {
        byte[] frame = child.frame(Kind.DEMAND, 0, id, FakeSide.count(16));
        frame[FrameHeader.LENGTH_BYTES + 7] ^= 1;
        child.sendRaw(frame);
    }

    @Test
    void damagedDemandEndsTheUploadAtOnce() throws Exception {
        Upload<Part, Total> upload = parent.upload(new Sum("cut"));
        child.helloWithFeatures().ready("reader");
        sendDamagedDemand(child.await(Kind.REQUEST).id());

        assertFalse(upload.send(Streams.part(0, 0)));
        assertThrows(Undecodable.class, upload::finish);
        child.await(Kind.CANCEL);
    }

    @Test
    void damagedDemandEndsTheHandlersStreamAtOnce() throws Exception {
        parent.onStream(Count.class, (count, parts) -> parts.send(Streams.part(0, 0)));
        parent.start();
        child.helloWithFeatures().ready("reader");
        child.send(
                Kind.REQUEST,
                Flags.WANT_PARTS,
                CHILD_BIT | 5,
                FakeSide.asked(Count.class, -1, "{\"upTo\":3,\"bytes\":0}"));
        sendDamagedDemand(CHILD_BIT | 5);

        assertTrue(child.await(Kind.FAILURE).text().contains("demand damaged on the way"));
    }

    @Test
    void streamsOfTheWrongSortAreNotHandled() throws Exception {
        parent.onStream(Count.class, (count, parts) -> {});
        parent.onUpload(Sum.class, (sum, parts, context) -> new Total(0, 0));
        parent.onRequest(Ask.class, ask -> new Samples.Answer("plain"));
        parent.start();
        child.helloWithFeatures().ready("reader");
        child.send(
                Kind.REQUEST,
                Flags.BRINGS_PARTS,
                CHILD_BIT | 5,
                FakeSide.asked(Count.class, -1, "{\"upTo\":3,\"bytes\":0}"));
        assertTrue(child.await(Kind.FAILURE).text().contains("UNHANDLED"));
        child.send(Kind.REQUEST, Flags.WANT_PARTS, CHILD_BIT | 6, FakeSide.asked(Sum.class, -1, "{\"name\":\"x\"}"));
        assertTrue(child.await(Kind.FAILURE).text().contains("UNHANDLED"));
        child.send(Kind.REQUEST, Flags.BRINGS_PARTS, CHILD_BIT | 7, FakeSide.asked(Ask.class, -1, "{\"text\":\"x\"}"));
        assertEquals(CHILD_BIT | 7, child.await(Kind.REPLY).id());
    }

    @Test
    void endOfTheStreamEndsAnUploadThatIsNotWhole() throws Exception {
        java.util.concurrent.CompletableFuture<Throwable> why = new java.util.concurrent.CompletableFuture<>();
        parent.onUpload(Sum.class, (sum, parts, context) -> {
            try {
                parts.forEach(part -> {});
                why.complete(new AssertionError("it looks whole"));
            } catch (RuntimeException failure) {
                why.complete(failure);
            }
            return new Total(0, 0);
        });
        parent.start();
        child.helloWithFeatures().ready("reader");
        child.send(Kind.REQUEST, Flags.BRINGS_PARTS, CHILD_BIT | 5, FakeSide.asked(Sum.class, -1, "{\"name\":\"x\"}"));
        child.await(Kind.DEMAND);
        child.close();

        assertEquals(
                java.util.concurrent.CancellationException.class,
                why.get(10, java.util.concurrent.TimeUnit.SECONDS).getClass());
    }
}
