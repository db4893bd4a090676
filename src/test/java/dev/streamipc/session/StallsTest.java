package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.frame.FrameEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a stall is noticed, under a clock that the test moves. */
class StallsTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofMillis(100);
    private static final int FRAME_BYTES = 1_000;

    private final HandClock clock = new HandClock();
    private final Outbox outbox = new Outbox(new FrameEncoder(1), Limits.DEFAULT, 0, true);
    private final List<SessionEvent> events = new ArrayList<>();
    private final Stalls stalls = new Stalls("test", outbox, new Stalls.Watch(clock, LIMIT), events::add);

    private void append() {
        outbox.append(new byte[FRAME_BYTES], FRAME_BYTES, null, Send.NOTE);
    }

    private void beginWrite() {
        outbox.open(true);
        append();
        assertTrue(outbox.claimFlusher() && outbox.swap());
        stalls.writing();
    }

    private void take(int bytes) {
        outbox.flushing().position(outbox.flushing().position() + bytes);
    }

    @Test
    void stallIsToldOnceAtItsLimitAndThenItsEnd() {
        beginWrite();
        append();
        clock.advance(LIMIT.minus(SOON));
        assertEquals(List.of(), events);

        clock.advance(SOON);
        assertEquals(List.of(new SessionEvent.Stalled(2 * FRAME_BYTES, LIMIT)), events);
        clock.advance(LIMIT.multipliedBy(10));
        assertEquals(1, events.size());

        take(1);
        clock.advance(LIMIT.dividedBy(4));
        assertEquals(2, events.size());
        assertEquals(new SessionEvent.Resumed(LIMIT.multipliedBy(11).plus(LIMIT.dividedBy(4))), events.get(1));
    }

    @Test
    void oneByteWithinTheLimitIsNoStall() {
        beginWrite();
        for (int i = 0; i < 100; i++) {
            clock.advance(LIMIT.minus(SOON));
            take(1);
        }

        assertEquals(List.of(), events);
    }

    @Test
    void secondStallIsToldAgain() {
        beginWrite();
        clock.advance(LIMIT);
        take(1);
        clock.advance(LIMIT.multipliedBy(2));

        assertEquals(
                List.of(SessionEvent.Stalled.class, SessionEvent.Resumed.class, SessionEvent.Stalled.class),
                events.stream().map(Object::getClass).toList());
    }

    @Test
    void stallOfWhatWasWrittenInTheEndIsOver() {
        beginWrite();
        clock.advance(LIMIT);
        outbox.swap();
        clock.advance(LIMIT);

        assertEquals(SessionEvent.Resumed.class, events.get(1).getClass());
        assertEquals(0, clock.waiting());
    }

    @Test
    void timerRestsWhileNothingIsBeingWrittenAndLooksAgainAtTheNextWrite() {
        beginWrite();
        assertEquals(1, clock.waiting());
        outbox.swap();
        clock.advance(LIMIT);
        assertEquals(0, clock.waiting());

        clock.advance(LIMIT.multipliedBy(3));
        beginWrite();
        assertEquals(1, clock.waiting());
        clock.advance(LIMIT.minus(SOON));
        assertEquals(List.of(), events);
        clock.advance(SOON);
        assertEquals(List.of(new SessionEvent.Stalled(FRAME_BYTES, LIMIT)), events);
    }

    @Test
    void whatWaitsForTheOtherSidesReadyIsNoStall() {
        append();
        clock.advance(LIMIT.multipliedBy(2));

        assertEquals(0, clock.waiting());
        assertEquals(List.of(), events);
    }

    @Test
    void endLetsTheTimerGo() {
        beginWrite();
        stalls.end();
        assertEquals(0, clock.waiting());
        clock.advance(LIMIT.multipliedBy(2));
        stalls.writing();

        assertEquals(0, clock.waiting());
        assertEquals(List.of(), events);
    }
}
