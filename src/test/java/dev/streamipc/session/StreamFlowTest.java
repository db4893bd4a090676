package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.session.Streams.Count;
import dev.streamipc.session.Streams.Part;
import dev.streamipc.session.Streams.Sum;
import dev.streamipc.session.Streams.Total;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of parts through the interfaces of {@link Flow}, at both ends. */
@Timeout(60)
class StreamFlowTest {

    private final Streams pair = new Streams();
    private final Taker taker = new Taker();

    @BeforeEach
    void answer() {
        pair.answerUsual();
    }

    @AfterEach
    void close() {
        pair.close();
    }

    /** A subscriber that notes its signals. */
    private static final class Taker implements Flow.Subscriber<Part> {

        private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        private Flow.Subscription subscription;
        private int throwAt = -1;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(Part part) {
            seen.add("" + part.number());
            if (part.number() == throwAt) {
                throw new IllegalStateException("thrown by the subscriber");
            }
        }

        @Override
        public void onError(Throwable failure) {
            seen.add(failure.getClass().getSimpleName());
        }

        @Override
        public void onComplete() {
            seen.add("complete");
        }

        private String next() throws InterruptedException {
            return seen.poll(10, TimeUnit.SECONDS);
        }
    }

    /** A publisher of numbers, one signal for each that is requested. */
    private static final class Numbers implements Flow.Publisher<Part> {

        private final int count;
        private volatile long requested;
        private volatile boolean cancelled;

        Numbers(int count) {
            this.count = count;
        }

        @Override
        public void subscribe(Flow.Subscriber<? super Part> subscriber) {
            subscriber.onSubscribe(new Flow.Subscription() {
                private int next;

                @Override
                public void request(long more) {
                    requested += more;
                    for (long i = 0; i < more && next < count && !cancelled; i++) {
                        subscriber.onNext(Streams.part(next++, 10));
                    }
                    if (next == count && !cancelled) {
                        next++;
                        subscriber.onComplete();
                    }
                }

                @Override
                public void cancel() {
                    cancelled = true;
                }
            });
        }
    }

    @Test
    void subscriberGetsWhatItRequestsAndNoMore() throws Exception {
        pair.asking.stream(new Count(5, 0)).subscribe(taker);
        taker.subscription.request(2);
        assertEquals("0", taker.next());
        assertEquals("1", taker.next());
        assertEquals("late", pair.asking.call(new Samples.Ask("late")).text());
        assertTrue(taker.seen.isEmpty());

        taker.subscription.request(Long.MAX_VALUE);

        assertEquals("2", taker.next());
        assertEquals("3", taker.next());
        assertEquals("4", taker.next());
        assertEquals("complete", taker.next());
    }

    @Test
    void manyPartsComeInOrder() throws Exception {
        pair.asking.stream(new Count(20_000, 10)).subscribe(taker);
        taker.subscription.request(Long.MAX_VALUE);

        for (int i = 0; i < 20_000; i++) {
            assertEquals("" + i, taker.next());
        }
        assertEquals("complete", taker.next());
    }

    @Test
    void emptyStreamCompletesWithoutDemand() throws Exception {
        pair.asking.stream(new Count(0, 0)).subscribe(taker);

        assertEquals("complete", taker.next());
    }

    @Test
    void requestOfLessThanOneEndsTheStreamAndTheCall() throws Exception {
        pair.asking.stream(new Count(5, 0)).subscribe(taker);
        taker.subscription.request(0);

        assertEquals("IllegalArgumentException", taker.next());
        assertEquals(0, pair.asking.stats().calls().inFlight());
    }

    @Test
    void noSignalComesBeforeTheEndOfOnSubscribe() throws Exception {
        IpcPeer.Builder atOnce = IpcPeer.builder().messages(Streams.ALL).callbackExecutor(Runnable::run);
        try (IpcPeer asking = atOnce.build()) {
            IpcSession session = asking.createSession(
                    dev.streamipc.channel.MemoryChannel.pair(65_536).left(), Role.PARENT);
            session.stream(new Count(5, 0)).subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription given) {
                    given.request(0);
                    taker.seen.add("subscribed");
                }

                @Override
                public void onNext(Part part) {}

                @Override
                public void onError(Throwable failure) {
                    taker.onError(failure);
                }

                @Override
                public void onComplete() {}
            });

            assertEquals("subscribed", taker.next());
            assertEquals("IllegalArgumentException", taker.next());
        }
    }

    @Test
    void cancelledSubscriptionCancelsTheCall() throws Exception {
        pair.asking.stream(new Count(5_000_000, 0)).subscribe(taker);
        taker.subscription.request(1);
        assertEquals("0", taker.next());
        taker.subscription.cancel();

        assertEquals(0, pair.asking.stats().calls().inFlight());
        assertTrue(taker.seen.isEmpty());
    }

    @Test
    void subscriberThatThrowsIsOneThatHasCancelled() throws Exception {
        taker.throwAt = 1;
        pair.asking.stream(new Count(5_000_000, 0)).subscribe(taker);
        taker.subscription.request(Long.MAX_VALUE);

        assertEquals("0", taker.next());
        assertEquals("1", taker.next());
        Eventually.await("no call in flight", () -> pair.asking.stats().calls().inFlight() == 0);
        assertTrue(taker.seen.isEmpty());
    }

    @Test
    void secondSubscriberIsTurnedAway() throws Exception {
        PartStream<Part> stream = pair.asking.stream(new Count(5, 0));
        stream.subscribe(new Taker());
        stream.subscribe(taker);

        assertEquals("IllegalStateException", taker.next());
    }

    @Test
    void failureOfTheCallIsTheLastSignal() throws Exception {
        pair.answering.onStream(Streams.Count.class, (count, parts) -> {});
        pair.asking.stream(new Count(5, 20_000_000)).subscribe(taker);
        taker.subscription.request(Long.MAX_VALUE);

        assertEquals(RemoteFailure.class.getSimpleName(), taker.next());
    }

    @Test
    void publisherIsUploadedAsFastAsItIsTaken() {
        Numbers numbers = new Numbers(10_000);

        assertEquals(
                new Total(10_000L * 9_999 / 2, 10_000),
                pair.asking.upload(new Sum("published")).sendAll(numbers).join());
        assertTrue(numbers.requested <= 10_000 + PartQueue.AHEAD, numbers.requested + " requested");
    }

    @Test
    void publisherOfTheJdkIsUploadedWhole() {
        Upload<Part, Total> upload = pair.asking.upload(new Sum("jdk"));
        try (SubmissionPublisher<Part> publisher = new SubmissionPublisher<>()) {
            upload.sendAll(publisher);
            for (int i = 0; i < 1_000; i++) {
                publisher.submit(Streams.part(i, 1));
            }
        }

        assertEquals(new Total(1_000L * 999 / 2, 1_000), upload.answer().join());
    }

    @Test
    void publisherThatFailsCancelsTheCall() {
        Upload<Part, Total> upload = pair.asking.upload(new Sum("failing"));
        try (SubmissionPublisher<Part> publisher = new SubmissionPublisher<>()) {
            upload.sendAll(publisher);
            publisher.closeExceptionally(new IllegalStateException("no more"));
        }

        assertThrows(CancellationException.class, () -> upload.answer().join());
    }

    @Test
    void publisherOfAHandlerIsSentWhole() {
        Streams published = new Streams();
        try (published) {
            Numbers numbers = new Numbers(3_000);
            published.answering.onStream(Count.class, (count, parts) -> parts.sendAll(numbers));
            published.answering.start();
            List<Integer> seen = new ArrayList<>();
            published.asking.stream(new Count(1, 1)).forEach(part -> seen.add(part.number()));

            assertEquals(3_000, seen.size());
            assertEquals(2_999, seen.get(2_999));
        }
    }

    @Test
    void publisherOfAHandlerIsCancelledWithTheCall() throws Exception {
        try (Streams published = new Streams()) {
            Numbers numbers = new Numbers(Integer.MAX_VALUE);
            published.answering.onStream(Count.class, (count, parts) -> parts.sendAll(numbers));
            published.answering.start();
            try (PartStream<Part> stream = published.asking.stream(new Count(1, 1))) {
                assertEquals(0, stream.iterator().next().number());
            }

            Eventually.await("publisher cancelled", () -> numbers.cancelled);
        }
    }

    @Test
    void answerThatFailsEndsTheUpload() throws Exception {
        try (Streams failing = new Streams()) {
            failing.answering.onUpload(Sum.class, (sum, parts, context) -> {
                throw new IllegalStateException("no");
            });
            failing.answering.start();
            Numbers numbers = new Numbers(Integer.MAX_VALUE);
            var answer = failing.asking.upload(new Sum("x")).sendAll(numbers);

            CompletionException failed = assertThrows(CompletionException.class, answer::join);
            assertInstanceOf(RemoteFailure.class, failed.getCause());
            Eventually.await("publisher cancelled", () -> numbers.cancelled);
        }
    }
}
