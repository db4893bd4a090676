package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
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
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That streams end as what they are: by the deadline, not whole, whole. */
@Timeout(60)
class StreamEndsTest {

    private final Streams pair = new Streams();

    @AfterEach
    void close() {
        pair.close();
    }

    /** A subscriber that requests so many and notes its last signal. */
    private static final class Last implements Flow.Subscriber<Part> {

        private final CompletableFuture<String> signal = new CompletableFuture<>();
        private final long requests;

        Last(long requests) {
            this.requests = requests;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            given.request(requests);
        }

        @Override
        public void onNext(Part part) {}

        @Override
        public void onError(Throwable failure) {
            signal.complete(failure.getClass().getSimpleName());
        }

        @Override
        public void onComplete() {
            signal.complete("complete");
        }
    }

    /** A publisher of so many parts, which notes what is requested. */
    private static final class Some implements Flow.Publisher<Part> {

        private final int count;
        private final AtomicLong requested = new AtomicLong();

        Some(int count) {
            this.count = count;
        }

        @Override
        public void subscribe(Flow.Subscriber<? super Part> subscriber) {
            subscriber.onSubscribe(new Flow.Subscription() {
                private int next;

                @Override
                public void request(long more) {
                    requested.addAndGet(more);
                    for (long i = 0; i < more && next < count; i++) {
                        subscriber.onNext(Streams.part(next++, 1));
                    }
                    if (next == count) {
                        next++;
                        subscriber.onComplete();
                    }
                }

                @Override
                public void cancel() {
                    next = count + 1;
                }
            });
        }
    }

    @Test
    void streamThatNobodyTakesEndsByItsDeadline() throws Exception {
        pair.answering.onStream(Count.class, (count, parts) -> {
            for (int i = 0; ; i++) {
                parts.send(Streams.part(i, 1));
            }
        });
        pair.answering.start();
        for (int i = 0; i < 40; i++) {
            Last last = new Last(1);
            pair.asking.stream(
                            new Count(1, 1),
                            CallOptions.deadline(Duration.ofMillis(20).plusNanos(i * 50_000L)))
                    .subscribe(last);

            assertEquals("DeadlinePassed", last.signal.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void uploadWhosePartsDoNotComeEndsByItsDeadline() {
        pair.answerUsual();
        for (int i = 0; i < 40; i++) {
            Duration limit = Duration.ofMillis(20).plusNanos(i * 50_000L);
            Upload<Part, Total> upload = pair.asking.upload(new Sum("slow"), CallOptions.deadline(limit));

            CompletionException failed = assertThrows(
                    CompletionException.class, () -> upload.answer().join());
            assertInstanceOf(DeadlinePassed.class, failed.getCause());
        }
    }

    @Test
    void handlerThatHearsOfTheDeadlineThroughItsStreamHasNotFailed() throws Exception {
        MemoryDeadline far = new MemoryDeadline();
        try (far) {
            assertTrue(far.failureOfUpload().contains("DeadlinePassed"));
            assertTrue(far.failureOfStream().contains("DeadlinePassed"));
        }
    }

    /** A foreign side whose own clock says nothing: it waits for what the handler's side says of the deadline. */
    private static final class MemoryDeadline implements AutoCloseable {

        private static final long ID = Long.MIN_VALUE | 5;

        private final IpcPeer peer = IpcPeer.builder()
                .messages(Streams.ALL)
                .closeLimit(Duration.ofMillis(500))
                .build();
        private final FakeSide child;

        MemoryDeadline() throws Exception {
            var channels = dev.streamipc.channel.MemoryChannel.pair(1 << 20, true);
            IpcSession parent = peer.createSession(channels.left(), Role.PARENT);
            parent.onUpload(Sum.class, (sum, parts, context) -> {
                parts.forEach(part -> {});
                return new Total(0, 0);
            });
            parent.onStream(Count.class, (count, parts) -> parts.send(Streams.part(0, 0)));
            parent.start();
            child = FakeSide.on(channels.right(), Role.CHILD);
            child.helloWithFeatures().ready("reader");
        }

        private String failureOfUpload() throws Exception {
            child.send(
                    dev.streamipc.frame.Kind.REQUEST,
                    dev.streamipc.frame.Flags.BRINGS_PARTS,
                    ID,
                    FakeSide.asked(Sum.class, 50, "{\"name\":\"x\"}"));
            return child.await(dev.streamipc.frame.Kind.FAILURE).text();
        }

        private String failureOfStream() throws Exception {
            child.send(
                    dev.streamipc.frame.Kind.REQUEST,
                    dev.streamipc.frame.Flags.WANT_PARTS,
                    ID,
                    FakeSide.asked(Count.class, 50, "{\"upTo\":3,\"bytes\":0}"));
            return child.await(dev.streamipc.frame.Kind.FAILURE).text();
        }

        @Override
        public void close() throws Exception {
            child.close();
            peer.close();
        }
    }

    @Test
    void partsThatOutliveTheirHandlerAreNotWhole() throws Exception {
        Last last = new Last(Long.MAX_VALUE);
        pair.answering.onUpload(Sum.class, (sum, parts, context) -> {
            parts.subscribe(last);
            return new Total(0, 0);
        });
        pair.answering.start();
        Upload<Part, Total> upload = pair.asking.upload(new Sum("outlived"));

        assertEquals(new Total(0, 0), upload.answer().join());
        assertEquals("CancellationException", last.signal.get(10, TimeUnit.SECONDS));
    }

    @Test
    void secondPublisherIsAskedForNoMoreThanIsWanted() throws Exception {
        Some first = new Some(100);
        Some second = new Some(100);
        CountDownLatch begun = new CountDownLatch(1);
        pair.answering.onStream(Count.class, (count, parts) -> {
            parts.sendAll(first);
            begun.countDown();
            parts.sendAll(second);
        });
        pair.answering.start();
        var parts = pair.asking.stream(new Count(1, 1)).iterator();
        for (int i = 0; i < 100; i++) {
            assertEquals(i, parts.next().number());
        }
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        assertEquals(0, parts.next().number());

        assertTrue(second.requested.get() <= 1 + 2 * PartQueue.AHEAD, second.requested + " requested");
        for (int i = 1; i < 100; i++) {
            assertEquals(i, parts.next().number());
        }
    }

    @Test
    void publishersAtOnceAreAllSentWhole() throws Exception {
        List<Throwable> failures = new ArrayList<>();
        pair.answering.onStream(Count.class, (count, parts) -> {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(new Thread(() -> {
                    try {
                        parts.sendAll(new Some(500));
                    } catch (Exception | Error failure) {
                        failures.add(failure);
                    }
                }));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
        });
        pair.answering.start();
        int seen = 0;
        for (Part part : pair.asking.stream(new Count(1, 1))) {
            seen++;
        }

        assertEquals(2_000, seen);
        assertEquals(List.of(), failures);
    }

    @Test
    void streamThatAnotherThreadClosesNeverLooksWhole() throws Exception {
        pair.answerUsual();
        for (int i = 0; i < 200; i++) {
            PartStream<Part> stream = pair.asking.stream(new Count(1_000_000, 0));
            var parts = stream.iterator();
            CountDownLatch taken = new CountDownLatch(1);
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            Thread taking = new Thread(() -> {
                try {
                    while (parts.hasNext()) {
                        parts.next();
                        taken.countDown();
                    }
                    end.complete(new AssertionError("it looks whole"));
                } catch (IpcFailure | CancellationException failure) {
                    end.complete(failure);
                } catch (RuntimeException failure) {
                    end.complete(new AssertionError(failure));
                }
            });
            taking.start();
            assertTrue(taken.await(10, TimeUnit.SECONDS));
            stream.close();

            assertInstanceOf(IpcFailure.class, end.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void cancelOfAStreamIsHeardWhileACallbackBlocks() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch sending = new CountDownLatch(1);
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        pair.answering.onStream(Count.class, (count, parts) -> {
            try {
                sending.countDown();
                parts.sendAll(new Some(Integer.MAX_VALUE));
            } catch (CancellationException cancelled) {
                end.complete(cancelled);
            }
        });
        pair.answering.events(event -> dev.streamipc.channel.Eventually.await(go));
        pair.answering.start();
        PartStream<Part> stream = pair.asking.stream(new Count(1, 1));
        assertTrue(sending.await(10, TimeUnit.SECONDS));

        stream.close();

        assertInstanceOf(CancellationException.class, end.get(5, TimeUnit.SECONDS));
        go.countDown();
    }
}
