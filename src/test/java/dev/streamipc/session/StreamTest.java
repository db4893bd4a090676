package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.Certainty;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.message.Undecodable;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Streams.Count;
import dev.streamipc.session.Streams.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that are answered by a stream of parts. */
@Timeout(60)
class StreamTest {

    private final Streams pair = new Streams();

    @AfterEach
    void close() {
        pair.close();
    }

    private static List<Integer> numbers(Iterable<Part> parts) {
        List<Integer> numbers = new ArrayList<>();
        parts.forEach(part -> numbers.add(part.number()));
        return numbers;
    }

    private static List<Integer> upTo(int count) {
        return java.util.stream.IntStream.range(0, count).boxed().toList();
    }

    @Test
    void partsComeInOrderAndNoneIsMissing() {
        pair.answerUsual();

        assertEquals(upTo(10_000), numbers(pair.asking.stream(new Count(10_000, 0))));
        assertEquals(List.of(), numbers(pair.asking.stream(new Count(0, 0))));
        assertEquals(upTo(1), numbers(pair.asking.stream(new Count(1, 0))));
    }

    @Test
    void largePartsKeepTheirOrder() {
        pair.answerUsual();
        List<Part> parts = new ArrayList<>();
        pair.answering.onStream(Count.class, (count, sink) -> {});
        pair.asking.stream(new Count(40, 200_000)).forEach(parts::add);

        assertEquals(upTo(40), parts.stream().map(Part::number).toList());
        parts.forEach(
                part -> assertArrayEquals(Streams.part(part.number(), 200_000).bytes(), part.bytes()));
    }

    @Test
    void largePartThatCannotBeReadEndsTheStreamInItsPlace() {
        pair.answering.onStream(Count.class, (count, parts) -> {
            for (int i = 0; i < count.upTo(); i++) {
                parts.send(i == 3 ? new Part(-1, new byte[100_000]) : Streams.part(i, 100_000));
            }
        });
        pair.answering.start();
        Iterator<Part> parts = pair.asking.stream(new Count(8, 0)).iterator();

        for (int i = 0; i < 3; i++) {
            assertEquals(i, parts.next().number());
        }
        assertThrows(Undecodable.class, parts::hasNext);
        assertThrows(Undecodable.class, parts::hasNext);
    }

    @Test
    void nothingFlowsBeforeSomebodyTakesIt() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        pair.answering.onStream(Count.class, (count, parts) -> {
            for (int i = 0; i < count.upTo(); i++) {
                parts.send(Streams.part(i, 10));
                sent.incrementAndGet();
            }
        });
        pair.answering.onRequest(Ask.class, ask -> new Samples.Answer("" + sent.get()));
        pair.answering.start();
        PartStream<Part> stream = pair.asking.stream(new Count(1_000, 0));

        assertEquals("0", pair.asking.call(new Ask("")).text());
        Iterator<Part> parts = stream.iterator();
        for (int taken = 1; taken < 50; taken++) {
            parts.next();
            int ahead = Integer.parseInt(pair.asking.call(new Ask("")).text());
            assertTrue(ahead <= taken + PartQueue.AHEAD, ahead + " sent, " + taken + " taken");
        }
    }

    @Test
    void othersGoOnWhileAStreamWaits() {
        pair.answerUsual();
        PartStream<Part> stalled = pair.asking.stream(new Count(1_000, 1_000));

        assertEquals("here", pair.asking.call(new Ask("here")).text());
        assertEquals(upTo(100), numbers(pair.asking.stream(new Count(100, 0))));
        assertEquals(upTo(1_000), numbers(stalled));
    }

    @Test
    void closeTellsTheHandler() throws Exception {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        pair.answering.onStream(Count.class, (count, parts) -> {
            try {
                for (int i = 0; ; i++) {
                    parts.send(Streams.part(i, 10));
                }
            } catch (CancellationException cancelled) {
                ended.complete(cancelled);
                throw cancelled;
            }
        });
        pair.answering.start();

        try (PartStream<Part> parts = pair.asking.stream(new Count(1, 0))) {
            Iterator<Part> some = parts.iterator();
            assertEquals(0, some.next().number());
            assertEquals(1, some.next().number());
        }

        assertEquals("cancelled by the caller", ended.get(10, TimeUnit.SECONDS).getMessage());
        assertEquals(0, pair.asking.stats().calls().inFlight());
    }

    @Test
    void handlerThatThrowsFailsTheStreamBehindItsParts() {
        pair.answering.onStream(Count.class, (count, parts) -> {
            parts.send(Streams.part(7, 0));
            throw new IllegalStateException("no more");
        });
        pair.answering.start();
        Iterator<Part> parts = pair.asking.stream(new Count(1, 0)).iterator();

        assertEquals(7, parts.next().number());
        RemoteFailure failure = assertThrows(RemoteFailure.class, parts::hasNext);
        assertEquals(Certainty.EXECUTED, failure.certainty());
    }

    @Test
    void deadlineEndsAStreamThatNobodySends() {
        pair.answering.onStream(Count.class, (count, parts) -> {
            parts.send(Streams.part(0, 0));
            new CountDownLatch(1).await();
        });
        pair.answering.start();
        Iterator<Part> parts = pair.asking.stream(new Count(2, 0), CallOptions.deadline(Duration.ofSeconds(1)))
                .iterator();

        parts.next();
        assertEquals(
                Certainty.EXECUTED,
                assertThrows(DeadlinePassed.class, parts::hasNext).certainty());
    }

    @Test
    void deadlineEndsAHandlerWhosePartsNobodyTakes() throws Exception {
        CompletableFuture<String> why = new CompletableFuture<>();
        pair.answering.onStream(Count.class, (count, parts) -> {
            try {
                parts.send(Streams.part(0, 0));
            } catch (CancellationException cancelled) {
                why.complete(cancelled.getMessage());
            }
        });
        pair.answering.start();
        pair.asking.stream(new Count(2, 0), CallOptions.deadline(Duration.ofMillis(300)));

        assertEquals("deadline passed", why.get(10, TimeUnit.SECONDS));
    }

    @Test
    void endOfTheSessionEndsTheStream() {
        CountDownLatch never = new CountDownLatch(1);
        pair.answering.onStream(Count.class, (count, parts) -> {
            parts.send(Streams.part(0, 0));
            never.await();
        });
        pair.answering.start();
        Iterator<Part> parts = pair.asking.stream(new Count(2, 0)).iterator();
        parts.next();

        Thread closing = new Thread(pair.asking::close);
        closing.setDaemon(true);
        closing.start();

        assertThrows(SessionClosed.class, parts::hasNext);
        never.countDown();
    }

    @Test
    void requestWithoutAHandlerIsRejected() {
        pair.answering.start();
        Iterator<Part> parts = pair.asking.stream(new Count(2, 0)).iterator();

        assertEquals(
                Rejected.Reason.UNHANDLED,
                assertThrows(Rejected.class, parts::hasNext).reason());
    }

    @Test
    void moreStreamsThanThreadsAreRefused() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        pair.answering.onStream(Count.class, (count, parts) -> go.await());
        pair.answering.start();
        List<Iterator<Part>> streams = new ArrayList<>();
        for (int i = 0; i <= StreamThreads.MOST; i++) {
            streams.add(pair.asking.stream(new Count(1, 0)).iterator());
        }

        Rejected refused = assertThrows(Rejected.class, streams.get(StreamThreads.MOST)::hasNext);
        assertEquals(Rejected.Reason.QUEUE_FULL, refused.reason());
        go.countDown();
        for (Iterator<Part> stream : streams.subList(0, StreamThreads.MOST)) {
            assertFalse(stream.hasNext());
        }
    }

    @Test
    void aStreamIsTakenOnce() {
        pair.answerUsual();
        PartStream<Part> stream = pair.asking.stream(new Count(3, 0));

        assertEquals(upTo(3), numbers(stream));
        assertThrows(IllegalStateException.class, stream::iterator);
    }

    @Test
    void interruptEndsTheWait() {
        pair.answering.onStream(Count.class, (count, parts) -> new CountDownLatch(1).await());
        pair.answering.start();
        Iterator<Part> parts = pair.asking.stream(new Count(3, 0)).iterator();

        Thread.currentThread().interrupt();

        assertThrows(CancellationException.class, parts::hasNext);
        assertTrue(Thread.interrupted());
    }

    @Test
    void partThatCannotBeSentFailsTheHandlersSend() {
        pair.answering.onStream(Count.class, (count, parts) -> {
            assertThrows(Rejected.class, () -> parts.send(Streams.part(0, 20_000_000)));
            parts.send(Streams.part(1, 1));
        });
        pair.answering.start();

        assertEquals(List.of(1), numbers(pair.asking.stream(new Count(3, 0))));
    }
}
