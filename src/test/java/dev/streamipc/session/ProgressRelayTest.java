package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.streamipc.callback.CallbackHop;
import dev.streamipc.callback.Callbacks;
import dev.streamipc.session.Samples.Note;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** One stream of progress of several attempts, on a callback executor that runs when the test says so. */
class ProgressRelayTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HandClock clock = new HandClock();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<String> seen = new ArrayList<>();
    private final Callbacks callbacks = new Callbacks(tasks::add, clock, CallbackHop.SPARE);
    private final ProgressPublisher<Note> publisher = new ProgressPublisher<>(Note.class);
    private final ProgressRelay relay = ProgressRelay.of(publisher, callbacks);

    ProgressRelayTest() {
        publisher.subscribe(
                new ProgressCallback<>(update -> seen.add(update.message().number() + "+" + update.skipped())));
    }

    private static void tell(ProgressPublisher<?> attempt, int number) {
        attempt.take(new Note(number), 1, 0);
    }

    private void run() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @Test
    void whatAnEarlierAttemptTellsLateIsLeftOut() {
        ProgressPublisher<?> first = relay.attempt(LIMIT).get();
        tell(first, 1);
        first.skip(2);
        first.end(null, () -> seen.add("first ended"));
        ProgressPublisher<?> second = relay.attempt(LIMIT).get();
        tell(second, 2);
        tell(first, 3);
        first.skip(1);
        first.stop(null);
        first.settleNow();
        run();

        assertEquals(List.of("first ended", "1+0", "2+2"), seen);
    }

    @Test
    void nothingComesBehindTheOutcome() {
        ProgressPublisher<?> attempt = relay.attempt(LIMIT).get();
        tell(attempt, 1);
        relay.end(null, () -> seen.add("outcome"));
        tell(attempt, 2);
        run();
        tell(attempt, 3);
        run();

        assertEquals(List.of("1+0", "outcome"), seen);
    }

    @Test
    void anOutcomeWaitsForNoListenerBeyondTheLimitAndAFailureForASecond() {
        tell(relay.attempt(LIMIT).get(), 1);
        relay.end(null, () -> seen.add("outcome"));
        clock.advance(LIMIT.minusMillis(1));
        assertEquals(List.of(), seen);
        clock.advance(Duration.ofMillis(1));
        assertEquals(List.of("outcome"), seen);

        ProgressRelay other = ProgressRelay.of(new ProgressPublisher<>(Note.class), callbacks);
        other.attempt(LIMIT);
        other.end(new IllegalStateException("planted"), () -> seen.add("failure"));
        clock.advance(Duration.ofSeconds(1));

        assertEquals(List.of("outcome", "failure"), seen);
    }

    @Test
    void afterAStopOrAHurryNothingIsTold() {
        ProgressPublisher<?> attempt = relay.attempt(LIMIT).get();
        tell(attempt, 1);
        relay.end(null, () -> seen.add("outcome"));
        relay.settleNow();
        relay.stop(null);
        run();

        assertEquals(List.of("outcome"), seen);
    }

    @Test
    void aPublisherServesOneTask() {
        assertThrows(IllegalStateException.class, () -> ProgressRelay.of(publisher, callbacks));
    }
}
