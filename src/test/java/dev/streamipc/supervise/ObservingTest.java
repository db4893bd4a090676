package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What is told to observers, and what specs refuse. */
class ObservingTest {

    @Test
    void aRestartIsToldStepByStep() {
        Rig rig = new Rig();
        rig.start(RestartStrategy.ONE_FOR_ONE, "a");
        rig.events.clear();

        rig.fails("a");

        assertEquals(
                List.of("Ended", "Failed", "Restarting", "Started"),
                rig.events.stream()
                        .map(event -> event.getClass().getSimpleName())
                        .toList());
    }

    @Test
    void anObserverThatThrowsHarmsNobody() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");
        supervisor.observe(event -> {
            throw new IllegalStateException("planted");
        });
        List<SupervisionEvent> behind = new ArrayList<>();
        supervisor.observe(behind::add);

        rig.fails("a");

        assertEquals(4, behind.size());
        assertEquals("RUNNING", rig.state("a"));
    }

    @Test
    void aClosedObserverIsToldNoMore() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");
        List<SupervisionEvent> told = new ArrayList<>();
        Supervisor.Observation one = supervisor.observe(told::add);
        Supervisor.Observation other = supervisor.observe(told::add);

        one.close();
        one.close();
        rig.fails("a");

        assertEquals(4, told.size());
        other.close();
    }

    @Test
    void whatASlowObserverDoesNotTakeIsLeftOut() {
        Rig rig = new Rig();
        Deque<Runnable> held = new ArrayDeque<>();
        Observing observing = new Observing(new UsersCode(held::add));
        List<SupervisionEvent> told = new ArrayList<>();
        observing.add(told::add);
        for (int i = 0; i < Observing.MAX_WAITING + 10; i++) {
            observing.tell(new SupervisionEvent.Started("root/" + i));
        }

        assertEquals(1, held.size());
        held.remove().run();

        assertEquals(Observing.MAX_WAITING, told.size());
        observing.tell(new SupervisionEvent.Started("root/last"));
        held.remove().run();
        assertEquals("root/last", told.get(Observing.MAX_WAITING).path());
        assertEquals(List.of(), rig.trace);
    }

    @Test
    void anExecutorThatRefusesEventsHarmsNobody() {
        boolean[] refuses = {true};
        Observing observing = new Observing(new UsersCode(task -> {
            if (refuses[0]) {
                throw new RejectedExecutionException("full");
            }
            task.run();
        }));
        List<SupervisionEvent> told = new ArrayList<>();
        observing.add(told::add);
        observing.tell(new SupervisionEvent.Started("lost"));

        refuses[0] = false;
        observing.tell(new SupervisionEvent.Started("told"));

        assertEquals(List.of(new SupervisionEvent.Started("told")), told);
    }

    @Test
    void aSnapshotDoesNotChange() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");
        Snapshot before = supervisor.snapshot();

        rig.fails("a");
        supervisor.remove("a");

        assertEquals(new Snapshot("root", ChildState.RUNNING, 0, null, before.children()), before);
        assertEquals(List.of(new Snapshot("a", ChildState.RUNNING, 0, null, List.of())), before.children());
        assertEquals(List.of(), supervisor.snapshot().children());
        assertTrue(before.find("a/b").isEmpty());
    }

    @Test
    void specsRefuseWhatMakesNoSense() {
        Rig rig = new Rig();
        assertThrows(IllegalArgumentException.class, () -> rig.child(""));
        assertThrows(IllegalArgumentException.class, () -> rig.child("a/b"));
        assertThrows(IllegalArgumentException.class, () -> rig.child("a").startLimit(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> rig.child("a").killLimit(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> rig.child("a").stopLimit(Duration.ofNanos(-1)));
        assertThrows(IllegalArgumentException.class, () -> rig.child("a").stopLimit(Duration.ofDays(2)));
        SupervisorSpec.Builder twins = SupervisorSpec.builder("s")
                .child(rig.child("a").build())
                .child(rig.child("a").build());
        assertThrows(IllegalArgumentException.class, twins::build);
        SupervisorSpec.Builder negative = SupervisorSpec.builder("s").intensity(-1, Duration.ofSeconds(1));
        assertThrows(IllegalArgumentException.class, negative::build);
        SupervisorSpec.Builder timeless = SupervisorSpec.builder("s").intensity(1, Duration.ZERO);
        assertThrows(IllegalArgumentException.class, timeless::build);
        assertThrows(
                IllegalArgumentException.class, () -> SupervisorSpec.builder("").build());
    }
}
