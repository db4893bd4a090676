package dev.streamipc.supervise;

import dev.streamipc.supervise.Phase.Ended;
import dev.streamipc.supervise.Phase.Running;
import dev.streamipc.supervise.Phase.Starting;
import dev.streamipc.supervise.Phase.Stopping;
import dev.streamipc.supervise.Phase.Then;
import dev.streamipc.supervise.Phase.Waiting;
import dev.streamipc.supervise.SupervisionState.Round;
import dev.streamipc.supervise.SupervisionState.Stage;
import dev.streamipc.supervise.SupervisorInput.Add;
import dev.streamipc.supervise.SupervisorInput.LifeEnded;
import dev.streamipc.supervise.SupervisorInput.LifeFailing;
import dev.streamipc.supervise.SupervisorInput.LifeStarted;
import dev.streamipc.supervise.SupervisorInput.Remove;
import dev.streamipc.supervise.SupervisorInput.StopFailed;
import dev.streamipc.supervise.Turn.Step;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a supervisor does: state, event and time give the next state and what is to be done. No clock, no thread, no code of
 * users.
 */
final class SupervisionRules {

    private final Failures failures;

    SupervisionRules(SupervisorSpec spec, long seed) {
        failures = new Failures(spec, seed);
    }

    /** Returns what an event leads to. Never null, whatever comes when. */
    Step step(SupervisionState state, SupervisorInput input, String path, long nowNanos) {
        Turn turn = new Turn(state, path, nowNanos);
        if (input instanceof Add add) {
            add(turn, add);
        } else if (input instanceof Remove remove) {
            remove(turn, remove);
        } else if (turn.stage != Stage.ENDED) {
            take(turn, input);
        }
        Rounds.advance(turn);
        return turn.done();
    }

    private void take(Turn turn, SupervisorInput input) {
        if (input instanceof LifeStarted started) {
            started(turn, turn.living(started.life()));
        } else if (input instanceof LifeFailing failing) {
            failing(turn, turn.living(failing.life()), failing.failure());
        } else if (input instanceof LifeEnded ended) {
            ended(turn, turn.living(ended.life()), ended.failure());
        } else if (input instanceof StopFailed failed) {
            stopFailed(turn, turn.living(failed.life()));
        } else if (input instanceof SupervisorInput.TimeUp) {
            timeUp(turn);
        } else if (input instanceof SupervisorInput.Start && turn.stage == Stage.NEW) {
            turn.stage = Stage.STARTING;
            turn.round = new Round(0, null, false, 0);
        } else if (input instanceof SupervisorInput.Stop) {
            Rounds.shutDown(turn, null);
        } else if (input instanceof SupervisorInput.Kill) {
            Rounds.shutDown(turn, null);
            turn.killed = true;
        }
    }

    private static void add(Turn turn, Add add) {
        String path = turn.path() + "/" + add.spec().name();
        if (turn.stage == Stage.STOPPING || turn.stage == Stage.ENDED) {
            turn.answer(add.ticket(), new SupervisionFailure.ChildGone(path, "the supervisor ends"));
            return;
        } else if (turn.named(add.spec().name()) != null) {
            turn.answer(add.ticket(), new IllegalArgumentException("a child has that name: child=" + path));
            return;
        }
        ChildEntry child = ChildEntry.added(add.spec(), add.ticket());
        turn.children.add(child);
        turn.tell(new SupervisionEvent.Added(path));
        if (turn.stage == Stage.RUNNING && turn.round == null) {
            turn.start(child);
        }
    }

    private static void remove(Turn turn, Remove remove) {
        ChildEntry found = turn.named(remove.name());
        if (found == null) {
            String path = turn.path() + "/" + remove.name();
            turn.answer(remove.ticket(), new IllegalArgumentException("no such child: child=" + path));
            return;
        }
        ChildEntry child = turn.put(found.removedBy(remove.ticket()));
        if (!child.phase().isAlive()) {
            turn.remove(child, "removed before it started");
        } else if (turn.stage != Stage.STOPPING) {
            turn.stop(child, Then.REMOVE);
        }
    }

    private static void started(Turn turn, @Nullable ChildEntry child) {
        if (child != null && child.phase() instanceof Starting starting) {
            nowRunning(turn, child, starting.life());
        }
    }

    private static ChildEntry nowRunning(Turn turn, ChildEntry child, long life) {
        turn.tell(new SupervisionEvent.Started(turn.pathOf(child)));
        if (child.added() != 0) {
            turn.answer(child.added(), null);
        }
        return turn.put(
                child.answered().in(new Running(life)).with(child.history().started(turn.nowNanos)));
    }

    private void failing(Turn turn, @Nullable ChildEntry child, Throwable failure) {
        if (child != null && child.phase() instanceof Running && turn.stage != Stage.STOPPING) {
            failures.judge(turn, child, failure);
        }
    }

    private void ended(Turn turn, @Nullable ChildEntry found, @Nullable Throwable failure) {
        if (found == null) {
            return;
        }
        ChildEntry child = found;
        if (failure == null && child.phase() instanceof Starting starting) {
            child = nowRunning(turn, child, starting.life());
        }
        turn.tell(new SupervisionEvent.Ended(turn.pathOf(child), failure));
        turn.output(new SupervisorOutput.ForgetLife(child.phase().life()));
        if (child.phase() instanceof Stopping stopping) {
            Rounds.settle(turn, child, stopping.then());
        } else if (turn.stage == Stage.STOPPING) {
            ChildEntry.History history = child.history();
            Rounds.settle(turn, child.with(failure == null ? history : history.failed(failure)), Then.REST);
        } else {
            endedByItself(turn, turn.put(child.in(new Ended())), failure);
        }
    }

    private void endedByItself(Turn turn, ChildEntry child, @Nullable Throwable failure) {
        if (failure == null) {
            failures.endedInOrder(turn, child);
        } else if (child.history().hasStarted()) {
            failures.judge(turn, child, failure);
        } else {
            failures.firstStartFailed(turn, child, failure);
        }
    }

    private static void stopFailed(Turn turn, @Nullable ChildEntry child) {
        if (child != null && child.phase() instanceof Stopping stopping && !stopping.killed()) {
            turn.kill(child, stopping.then(), "can't be asked to stop");
        }
    }

    /** What was due first comes first, even if this moment is late for several. */
    private void timeUp(Turn turn) {
        Optional<ChildEntry> due = nextDue(turn);
        while (due.isPresent()) {
            timeUp(turn, due.get());
            Rounds.advance(turn);
            due = nextDue(turn);
        }
    }

    private static Optional<ChildEntry> nextDue(Turn turn) {
        Comparator<ChildEntry> byTime = Comparator.comparingLong(child -> overdueNanos(turn, child));
        List<ChildEntry> due = turn.children.stream()
                .filter(child -> turn.isDue(child.phase().dueNanos()))
                .toList();
        return due.stream().max(byTime);
    }

    private static long overdueNanos(Turn turn, ChildEntry child) {
        Long due = child.phase().dueNanos();
        return due == null ? -1 : turn.nowNanos - due;
    }

    private void timeUp(Turn turn, ChildEntry child) {
        if (child.phase() instanceof Waiting) {
            turn.start(child);
        } else if (child.phase() instanceof Starting) {
            String path = turn.pathOf(child);
            turn.kill(child, Then.REST, "start limit passed");
            ChildEntry killed = turn.children.get(turn.placeOf(child));
            Throwable failure =
                    new SupervisionFailure.StartTimedOut(path, child.spec().startLimit());
            if (turn.stage == Stage.STOPPING) {
                turn.put(killed.with(killed.history().failed(failure)));
            } else {
                endedByItself(turn, killed, failure);
            }
        } else if (child.phase() instanceof Stopping stopping) {
            stopLimitPassed(turn, child, stopping);
        }
    }

    private static void stopLimitPassed(Turn turn, ChildEntry child, Stopping stopping) {
        if (!stopping.killed()) {
            turn.kill(child, stopping.then(), "stop limit passed");
            return;
        }
        turn.tell(new SupervisionEvent.Lost(turn.pathOf(child)));
        turn.output(new SupervisorOutput.ForgetLife(stopping.life()));
        Rounds.settle(turn, child, stopping.then());
    }
}
