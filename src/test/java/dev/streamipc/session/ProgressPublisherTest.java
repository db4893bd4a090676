package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.Phase;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.Samples.Note;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules of Flow, one by one, on a callback executor that runs when the test says so. */
@Timeout(30)
class ProgressPublisherTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int UPDATE_BYTES = 10;

    private final HandClock clock = new HandClock();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<String> seen = new ArrayList<>();
    private final ProgressPublisher<Note> publisher = new ProgressPublisher<>(Note.class);

    /** Writes down every signal, and asks for so many updates at the start. */
    private class Recorder implements Flow.Subscriber<Progress<Note>> {
        private final long first;
        Flow.Subscription subscription;

        Recorder(long first) {
            this.first = first;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            seen.add("subscribed");
            subscription = given;
            if (first != 0) {
                given.request(first);
            }
        }

        @Override
        public void onNext(Progress<Note> update) {
            seen.add(update.message().number() + "+" + update.skipped());
        }

        @Override
        public void onError(Throwable failure) {
            seen.add("error " + failure.getClass().getSimpleName());
        }

        @Override
        public void onComplete() {
            seen.add("complete");
        }
    }

    private void begin(Executor executor) {
        publisher.begin(new ProgressPublisher.Run(
                executor, new ProgressQueue.Budget(1_000_000), clock, clock.nanoTime() + LIMIT.toNanos()));
    }

    private void begin() {
        begin(tasks::add);
    }

    private void updates(int from, int to) {
        for (int i = from; i <= to; i++) {
            publisher.take(new Note(i), UPDATE_BYTES, 0);
        }
    }

    private void end() {
        publisher.end(null, () -> seen.add("outcome"));
    }

    private List<String> run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        return seen;
    }

    @Test
    void subscriberGetsAsManyAsItAskedForAndTheEndBehindTheOutcome() {
        begin();
        Recorder subscriber = new Recorder(2);
        publisher.subscribe(subscriber);
        updates(1, 5);

        assertEquals(List.of("subscribed", "1+0", "2+0"), run());
        subscriber.subscription.request(1);
        assertEquals("3+0", run().get(3));
        subscriber.subscription.request(Long.MAX_VALUE);
        subscriber.subscription.request(Long.MAX_VALUE);
        end();
        assertEquals(List.of("4+0", "5+0", "outcome", "complete"), run().subList(4, 8));
        assertEquals(8, seen.size());
    }

    @Test
    void nothingRunsOnTheThreadsThatTellIt() {
        begin();
        publisher.subscribe(new Recorder(9));
        updates(1, 3);
        end();

        assertEquals(List.of("subscribed"), seen);
        assertEquals(1, tasks.size());
    }

    @Test
    void outcomeWaitsForNoDemandAndDropsWhatNobodyAskedFor() {
        begin();
        Recorder subscriber = new Recorder(1);
        publisher.subscribe(subscriber);
        updates(1, 3);
        end();

        assertEquals(List.of("subscribed", "1+0", "outcome", "complete"), run());
        subscriber.subscription.request(5);
        assertEquals(4, run().size());
    }

    @Test
    void failureOfTheCallIsTheErrorOfTheStream() {
        begin();
        publisher.subscribe(new Recorder(9));
        publisher.end(new SessionClosed(Phase.RUNNING, SessionClosed.Who.STREAM, "gone"), () -> seen.add("outcome"));

        assertEquals(List.of("subscribed", "outcome", "error SessionClosed"), run());
    }

    @Test
    void lateSubscriberGetsWhatWaitsOrTheEndAlone() {
        begin();
        updates(1, 2);
        assertEquals(List.of(), run());
        publisher.subscribe(new Recorder(9));
        assertEquals(List.of("subscribed", "1+0", "2+0"), run());

        ProgressPublisher<Note> over = new ProgressPublisher<>(Note.class);
        over.begin(new ProgressPublisher.Run(tasks::add, new ProgressQueue.Budget(1_000), clock, 0));
        over.end(null, () -> {});
        run();
        seen.clear();
        over.subscribe(new Recorder(9));
        assertEquals(List.of("subscribed", "complete"), run());
    }

    @Test
    void subscriberMayComeBeforeTheCallIsMade() {
        publisher.subscribe(new Recorder(9));
        begin();
        updates(1, 1);

        assertEquals(List.of("subscribed", "1+0"), run());
    }

    @Test
    void cancelledSubscriptionHearsNothingAndTheCallEndsAllTheSame() {
        begin();
        Recorder subscriber = new Recorder(9);
        publisher.subscribe(subscriber);
        updates(1, 2);
        subscriber.subscription.cancel();
        subscriber.subscription.cancel();
        subscriber.subscription.request(1);
        updates(3, 4);
        end();

        assertEquals(List.of("subscribed", "outcome"), run());
    }

    @Test
    void requestOfLessThanOneIsAnErrorAndTheEndOfTheStream() {
        for (long count : new long[] {0, -1}) {
            seen.clear();
            ProgressPublisher<Note> one = new ProgressPublisher<>(Note.class);
            one.begin(new ProgressPublisher.Run(tasks::add, new ProgressQueue.Budget(1_000), clock, 0));
            Recorder subscriber = new Recorder(9);
            one.subscribe(subscriber);
            subscriber.subscription.request(count);
            one.take(new Note(1), UPDATE_BYTES, 0);
            one.end(null, () -> seen.add("outcome"));

            assertEquals(List.of("subscribed", "error IllegalArgumentException", "outcome"), run());
        }
    }

    @Test
    void secondSubscriberIsRefusedAndHarmsNothing() {
        begin();
        publisher.subscribe(new Recorder(9));
        Recorder second = new Recorder(9);
        publisher.subscribe(second);
        second.subscription.cancel();
        updates(1, 1);

        assertEquals(List.of("subscribed", "subscribed", "error IllegalStateException", "1+0"), run());
        assertThrows(NullPointerException.class, () -> publisher.subscribe(null));
    }

    @Test
    void publisherServesOneCall() {
        begin();

        assertThrows(IllegalStateException.class, this::begin);
    }

    @Test
    void subscriberThatThrowsIsTakenForOneThatCancelled() {
        begin();
        publisher.subscribe(new Recorder(9) {
            @Override
            public void onNext(Progress<Note> update) {
                super.onNext(update);
                throw new IllegalStateException("harmless");
            }

            @Override
            public void onComplete() {
                throw new IllegalStateException("not told");
            }
        });
        updates(1, 3);
        end();

        assertEquals(List.of("subscribed", "1+0", "outcome"), run());
    }

    @Test
    void subscriberThatThrowsAtTheStartOrTheEndHarmsNothing() {
        begin();
        publisher.subscribe(new Recorder(9) {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                throw new IllegalStateException("harmless");
            }
        });
        updates(1, 1);
        end();
        assertEquals(List.of("outcome"), run());

        ProgressPublisher<Note> one = new ProgressPublisher<>(Note.class);
        one.begin(new ProgressPublisher.Run(tasks::add, new ProgressQueue.Budget(1_000), clock, 0));
        one.subscribe(new Recorder(9) {
            @Override
            public void onComplete() {
                throw new IllegalStateException("harmless");
            }
        });
        one.end(null, () -> seen.add("outcome"));
        assertEquals(List.of("outcome", "subscribed", "outcome"), run());
    }

    @Test
    void requestFromInsideASignalNeitherNestsNorIsLost() {
        begin(Runnable::run);
        AtomicInteger depth = new AtomicInteger();
        publisher.subscribe(new Recorder(1) {
            @Override
            public void onNext(Progress<Note> update) {
                assertEquals(1, depth.incrementAndGet());
                super.onNext(update);
                subscription.request(1);
                depth.decrementAndGet();
            }
        });
        updates(1, 1_000);
        end();

        assertEquals(1_003, seen.size());
        assertEquals("complete", seen.get(1_002));
    }

    @Test
    void signalsAreSerialOnManyThreads() throws Exception {
        int count = 20_000;
        ExecutorService pool = Executors.newFixedThreadPool(4);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        CountDownLatch complete = new CountDownLatch(1);
        List<Integer> numbers = new ArrayList<>();
        begin(pool);
        publisher.subscribe(new Recorder(1) {
            @Override
            public void onNext(Progress<Note> update) {
                overlaps.addAndGet(inside.incrementAndGet() - 1);
                numbers.add(update.message().number());
                subscription.request(1);
                inside.decrementAndGet();
            }

            @Override
            public void onComplete() {
                overlaps.addAndGet(inside.get());
                complete.countDown();
            }
        });
        updates(1, count);
        publisher.end(null, () -> overlaps.addAndGet(inside.get()));

        assertTrue(complete.await(10, TimeUnit.SECONDS));
        pool.shutdown();
        assertEquals(0, overlaps.get());
        assertEquals(count, numbers.get(numbers.size() - 1));
        assertEquals(numbers.stream().sorted().distinct().toList(), numbers);
    }

    @Test
    void outcomeComesByTheDeadlineThoughNobodyRunsCallbacks() {
        begin();
        publisher.subscribe(new Recorder(9));
        updates(1, 1);
        end();

        clock.advance(LIMIT.minusNanos(1));
        assertEquals(List.of("subscribed"), seen);
        clock.advance(Duration.ofNanos(1));
        assertEquals(List.of("subscribed", "outcome"), seen);
        assertEquals(List.of("subscribed", "outcome", "complete"), run());
    }

    @Test
    void outcomeLeavesNoTimerBehind() {
        begin();
        end();
        assertEquals(1, clock.waiting());
        run();

        assertEquals(0, clock.waiting());
        publisher.stop(null);
        assertFalse(run().contains("complete"));
    }

    @Test
    void outcomeComesThoughTheExecutorTakesNothing() {
        begin(task -> {
            throw new RejectedExecutionException("shut down");
        });
        publisher.subscribe(new Recorder(9));
        updates(1, 2);
        end();

        assertEquals(List.of("subscribed", "outcome"), seen);
    }

    @Test
    void nothingIsKeptOfWhatComesBehindTheOutcome() {
        ProgressQueue.Budget budget = new ProgressQueue.Budget(1_000);
        publisher.begin(new ProgressPublisher.Run(tasks::add, budget, clock, 0));
        updates(1, 2);
        assertEquals(2 * UPDATE_BYTES, budget.usedBytes());
        end();
        run();
        updates(3, 4);

        assertEquals(0, budget.usedBytes());
    }

    @Test
    void stoppedStreamTellsWhy() {
        begin();
        publisher.subscribe(new Recorder(9));
        updates(1, 2);
        publisher.stop(new IllegalStateException("completed by hand"));
        updates(3, 3);
        end();

        assertEquals(List.of("subscribed", "error IllegalStateException"), run());
        assertInstanceOf(Flow.Publisher.class, publisher);
    }
}
