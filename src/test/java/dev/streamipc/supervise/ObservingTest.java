package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
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
        Observing observing = new Observing(new UsersCode(held::add, new VirtualTime()));
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
    void whatHappenedBeforeIsNotTold() {
        Deque<Runnable> held = new ArrayDeque<>();
        Observing observing = new Observing(new UsersCode(held::add, new VirtualTime()));
        List<SupervisionEvent> first = new ArrayList<>();
        List<SupervisionEvent> second = new ArrayList<>();
        Runnable gone = observing.add(first::add);
        observing.tell(new SupervisionEvent.Started("early"));

        observing.add(second::add);
        gone.run();
        observing.tell(new SupervisionEvent.Started("late"));
        held.forEach(Runnable::run);

        assertEquals(List.of(), first);
        assertEquals(List.of(new SupervisionEvent.Started("late")), second);
    }

    @Test
    void anExecutorThatRefusesEventsHarmsNobody() {
        boolean[] refuses = {true};
        Observing observing = new Observing(new UsersCode(
                task -> {
                    if (refuses[0]) {
                        throw new RejectedExecutionException("full");
                    }
                    task.run();
                },
                new VirtualTime()));
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
    void aSnapshotShowsTheEndBeforeAnybodyIsTold() {
        Rig rig = new Rig();
        Deque<Runnable> held = new ArrayDeque<>();
        Supervisor supervisor = rig.start(
                Rig.spec(RestartStrategy.ONE_FOR_ONE).child(rig.child("a").build()), held::add);
        while (!rig.state("a").equals("RUNNING")) {
            held.remove().run();
        }
        for (int i = 0; i <= SupervisorSpec.DEFAULT_INTENSITY; i++) {
            rig.fails("a");
            held.removeLast().run();
        }

        Snapshot snapshot = supervisor.snapshot();

        assertEquals(ChildState.ENDED, snapshot.state());
        assertInstanceOf(SupervisionFailure.TooManyRestarts.class, snapshot.lastFailure());
    }

    @Test
    void aSnapshotIsOfOneMoment() throws Exception {
        for (int i = 0; i < 300; i++) {
            Rig rig = new Rig();
            Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");
            AtomicBoolean looks = new AtomicBoolean();
            List<Snapshot> torn = new CopyOnWriteArrayList<>();
            Thread looker = new Thread(() -> {
                Snapshot seen;
                do {
                    seen = supervisor.snapshot();
                    looks.set(true);
                    boolean childUp = seen.count(ChildState.RUNNING) == 1;
                    if (childUp != (seen.state() == ChildState.RUNNING)) {
                        torn.add(seen);
                    }
                } while (seen.state() != ChildState.ENDED);
            });
            looker.start();
            Eventually.await("somebody looks", looks::get);
            supervisor.stop();
            looker.join(10_000);
            assertEquals(List.of(), torn);
        }
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
        SupervisorSpec.Builder endless = SupervisorSpec.builder("s").intensity(1, Duration.ofSeconds(Long.MAX_VALUE));
        assertThrows(IllegalArgumentException.class, endless::build);
        assertThrows(
                IllegalArgumentException.class, () -> SupervisorSpec.builder("").build());
    }
}
