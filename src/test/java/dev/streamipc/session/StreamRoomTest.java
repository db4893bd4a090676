package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Streams.Count;
import dev.streamipc.session.Streams.Part;
import dev.streamipc.session.Streams.Sum;
import dev.streamipc.session.Streams.Total;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams whose parts are wanted but find no room, since the other side does not read. */
@Timeout(30)
class StreamRoomTest {

    private static final long ASKED = Long.MIN_VALUE | 5;
    private static final long UPLOADED = 1;
    private static final int PART_BYTES = 40_000;

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Streams.ALL)
            .limits(Limits.DEFAULT.withMaxOutboundBytes(1))
            .closeLimit(Duration.ofSeconds(20))
            .build();
    private final CountDownLatch firstIsSent = new CountDownLatch(1);
    private IpcSession parent;
    private FakeSide child;

    @BeforeEach
    void connect() throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(8_192, true);
        parent = peer.createSession(pair.left(), Role.PARENT);
        parent.start();
        child = FakeSide.deaf(pair.right(), Role.CHILD);
        child.helloWithFeatures().ready("reader");
    }

    @AfterEach
    void close() throws Exception {
        child.close();
        peer.close();
    }

    private void askForParts() throws Exception {
        child.send(
                Kind.REQUEST,
                Flags.WANT_PARTS,
                ASKED,
                FakeSide.asked(Count.class, -1, "{\"upTo\":3,\"bytes\":" + PART_BYTES + "}"));
        child.send(Kind.DEMAND, 0, ASKED, FakeSide.count(100));
    }

    private void send(PartSink<Part> sink, int count) {
        for (int i = 0; i < count; i++) {
            sink.send(Streams.part(i, PART_BYTES));
            firstIsSent.countDown();
        }
    }

    private Upload<Part, Total> uploadOne() throws Exception {
        Upload<Part, Total> upload = parent.upload(new Sum("up"));
        child.send(Kind.DEMAND, 0, UPLOADED, FakeSide.count(100));
        upload.send(Streams.part(0, PART_BYTES));
        return upload;
    }

    private boolean takesNoMoreCalls() {
        return parent.request(new Ask(""))
                .handle((answer, failure) ->
                        failure.getCause() instanceof SessionClosed || failure instanceof SessionClosed)
                .join();
    }

    /** Reads three parts and the end that counts them. */
    private void assertWhole() throws Exception {
        child.read();
        for (int i = 0; i < 3; i++) {
            assertEquals(0, child.await(Kind.PART).flags() & Flags.LAST_PART);
        }
        FakeSide.Seen last = child.await(Kind.PART);
        assertEquals(Flags.LAST_PART, last.flags() & Flags.LAST_PART);
        assertArrayEquals(FakeSide.count(3), last.payload());
    }

    @Test
    void handlerThatReturnsInterruptedStillEndsItsStream() throws Exception {
        parent.onStream(Count.class, (count, parts) -> {
            send(parts, 1);
            Thread.currentThread().interrupt();
        });
        askForParts();
        Eventually.await(firstIsSent);

        child.read();

        child.await(Kind.PART);
        assertEquals(Flags.LAST_PART, child.await(Kind.PART).flags() & Flags.LAST_PART);
    }

    @Test
    void closingSideSendsTheStreamsItOwesWhole() throws Exception {
        parent.onStream(Count.class, (count, parts) -> send(parts, 3));
        askForParts();
        Eventually.await(firstIsSent);

        Thread closing = new Thread(parent::close);
        closing.start();
        Eventually.await("closing", this::takesNoMoreCalls);

        assertWhole();
        child.close();
        closing.join();
    }

    @Test
    void uploadToAClosingSideIsSentWhole() throws Exception {
        Upload<Part, Total> upload = uploadOne();
        child.send(Kind.GOODBYE, 0, "{\"reason\":\"CLOSED\",\"text\":\"\",\"lastStarted\":\"0000000000000001\"}");
        Eventually.await("parting", this::takesNoMoreCalls);

        List<Boolean> sent = new ArrayList<>();
        Thread sending = new Thread(() -> {
            sent.add(upload.send(Streams.part(1, PART_BYTES)));
            sent.add(upload.send(Streams.part(2, PART_BYTES)));
            upload.end();
        });
        sending.start();

        assertWhole();
        sending.join();
        assertEquals(List.of(true, true), sent);
    }

    @Test
    void closeOfAnUploadEndsTheWaitForRoom() throws Exception {
        Upload<Part, Total> upload = uploadOne();
        CompletableFuture<Boolean> second = new CompletableFuture<>();
        Thread sending = new Thread(() -> second.complete(upload.send(Streams.part(1, PART_BYTES))));
        sending.start();
        Eventually.awaitBlocked(sending);

        upload.close();

        assertFalse(second.get(5, TimeUnit.SECONDS));
    }

    @Test
    void cancelEndsAHandlersWaitForRoom() throws Exception {
        CompletableFuture<String> why = new CompletableFuture<>();
        parent.onStream(Count.class, (count, parts) -> {
            try {
                send(parts, 3);
            } catch (CancellationException cancelled) {
                why.complete(cancelled.getMessage());
            }
        });
        askForParts();
        Eventually.await(firstIsSent);

        child.send(Kind.CANCEL, ASKED, "enough");

        assertEquals("enough", why.get(5, TimeUnit.SECONDS));
    }

    @Test
    void uploadWhoseEndWasNotSentIsCancelledByClose() throws Exception {
        Upload<Part, Total> upload = uploadOne();
        Thread.currentThread().interrupt();
        assertThrows(CancellationException.class, upload::finish);
        assertEquals(true, Thread.interrupted());

        upload.close();

        assertThrows(CancellationException.class, () -> upload.answer().join());
    }

    @Test
    void endThatWasInterruptedCanBeSaidAgain() throws Exception {
        Upload<Part, Total> upload = uploadOne();
        Thread.currentThread().interrupt();
        assertThrows(CancellationException.class, upload::end);
        assertEquals(true, Thread.interrupted());
        child.read();

        upload.end();

        child.await(Kind.PART);
        assertEquals(Flags.LAST_PART, child.await(Kind.PART).flags() & Flags.LAST_PART);
        upload.close();
        assertFalse(upload.answer().isDone(), "the end was sent");
    }

    @Test
    void endBehindAPartThatWasNotSentSaysNothing() throws Exception {
        child.read();
        for (int i = 0; i < 20; i++) {
            Upload<Part, Total> upload = parent.upload(new Sum("late"), CallOptions.deadline(Duration.ofMillis(30)));
            assertFalse(upload.send(Streams.part(1, 1)));
            upload.end();
            assertThrows(CompletionException.class, () -> upload.answer().join());
        }

        parent.request(new Ask("behind"));
        List<Kind> seen = new ArrayList<>();
        parent.notify(new Part(1, new byte[0]));
        while (!seen.contains(Kind.NOTIFY)) {
            seen.add(child.next().kind());
        }
        assertFalse(seen.contains(Kind.PART), "no stream was whole: " + seen);
    }
}
