package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.supervise.Rig.Habit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How long a restart waits. */
class BackoffTest {

    private static final Backoff PLAIN =
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30), 0, Duration.ofSeconds(60));

    @Test
    void doublesUpToTheLongest() {
        List<Long> delaysMs = IntStream.rangeClosed(1, 11)
                .mapToObj(failures -> PLAIN.delayNanos(failures, 0.9) / 1_000_000)
                .toList();

        assertEquals(
                List.of(100L, 200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 12_800L, 25_600L, 30_000L, 30_000L), delaysMs);
        assertEquals(30_000_000_000L, PLAIN.delayNanos(Integer.MAX_VALUE, 0));
        assertEquals(0, Backoff.NONE.delayNanos(50, 0.5));
    }

    @Test
    void jitterTakesOffUpToItsPart() {
        assertEquals(100_000_000, Backoff.DEFAULT.delayNanos(1, 0));
        assertEquals(50_000_000, Backoff.DEFAULT.delayNanos(1, 1));
    }

    @Test
    void delaysOfTwentyFailuresAreInRangeAndDiffer() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(patient(rig, Backoff.DEFAULT));
        for (int i = 0; i < 20; i++) {
            rig.fails("a");
            rig.advance(Duration.ofSeconds(30));
        }

        List<Long> delays = rig.events(SupervisionEvent.Restarting.class).stream()
                .map(event -> event.delay().toNanos())
                .toList();
        assertEquals(20, delays.size());
        for (int i = 0; i < delays.size(); i++) {
            long full = PLAIN.delayNanos(i + 1, 0);
            assertTrue(delays.get(i) >= full / 2 && delays.get(i) <= full, "failure " + i + ": " + delays.get(i));
        }
        assertNotEquals(delays.get(18), delays.get(19));
        assertEquals(20, supervisor.snapshot().find("a").orElseThrow().restarts());
    }

    @Test
    void aRestartWaitsForItsBackoffAndNotLonger() {
        Rig rig = new Rig();
        rig.start(patient(rig, PLAIN));
        rig.traced();
        rig.fails("a");

        rig.advance(Duration.ofMillis(100).minusNanos(1));
        assertEquals("WAITING", rig.state("a"));
        rig.advance(Duration.ofNanos(1));

        assertEquals(List.of("start a"), rig.traced());
    }

    @Test
    void aChildsOwnIsAskedForAtEachFailure() {
        Rig rig = new Rig();
        List<Backoff> own = new ArrayList<>(List.of(Backoff.NONE, PLAIN));
        rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .child(rig.child("a").backoff(() -> own.remove(0)).build()));
        rig.fails("a");
        rig.fails("a");

        assertEquals(
                List.of(Duration.ZERO, Duration.ofMillis(200)),
                rig.events(SupervisionEvent.Restarting.class).stream()
                        .map(SupervisionEvent.Restarting::delay)
                        .toList());
    }

    @Test
    void aMinuteOfHealthResetsIt() {
        assertEquals(
                Duration.ofMillis(200), secondDelayAfter(Duration.ofSeconds(60).minusNanos(1)));
        assertEquals(Duration.ofMillis(100), secondDelayAfter(Duration.ofSeconds(60)));
    }

    @Test
    void timeSpentWithoutRunningIsNoHealth() {
        Rig rig = new Rig();
        rig.start(patient(rig, PLAIN));
        rig.habits("a", Habit.START_HANGS);
        rig.advance(Duration.ofSeconds(50));
        rig.fails("a");

        rig.advance(Duration.ofSeconds(31));

        assertEquals(
                List.of(Duration.ofMillis(100), Duration.ofMillis(200)),
                rig.events(SupervisionEvent.Restarting.class).stream()
                        .map(SupervisionEvent.Restarting::delay)
                        .toList());
    }

    @Test
    void theStopOfSiblingsIsPartOfTheWait() {
        Rig rig = new Rig();
        rig.start(Rig.spec(RestartStrategy.ONE_FOR_ALL)
                .backoff(PLAIN)
                .child(rig.child("a").build())
                .child(rig.child("b").build()));
        rig.habits("b", Habit.STOP_HANGS);
        rig.fails("a");
        rig.advance(Duration.ofMillis(70));
        rig.traced();

        rig.ends("b");
        assertEquals(List.of(), rig.traced());
        rig.advance(Duration.ofMillis(30));

        assertEquals(List.of("start a", "start b"), rig.traced());
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThrows(IllegalArgumentException.class, () -> new Backoff(second, Duration.ZERO, 0, second));
        assertThrows(IllegalArgumentException.class, () -> new Backoff(second, second, 1.1, second));
        assertThrows(IllegalArgumentException.class, () -> new Backoff(second, second, Double.NaN, second));
        assertThrows(IllegalArgumentException.class, () -> new Backoff(second, Duration.ofDays(2), 0, second));
        assertThrows(IllegalArgumentException.class, () -> new Backoff(second.negated(), second, 0, second));
    }

    private static Duration secondDelayAfter(Duration health) {
        Rig rig = new Rig();
        rig.start(patient(rig, PLAIN));
        rig.fails("a");
        rig.advance(Duration.ofMillis(100));
        rig.advance(health);
        rig.fails("a");
        return rig.events(SupervisionEvent.Restarting.class).get(1).delay();
    }

    private static SupervisorSpec.Builder patient(Rig rig, Backoff backoff) {
        return Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .intensity(100, Duration.ofSeconds(1))
                .backoff(backoff)
                .child(rig.child("a").build());
    }
}
