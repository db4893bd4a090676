package dev.streamipc.supervise;

import dev.streamipc.supervise.FailureRules.Verdict;
import dev.streamipc.supervise.Phase.Then;
import dev.streamipc.supervise.SupervisionFailure.ChildNotStarted;
import dev.streamipc.supervise.SupervisionFailure.TooManyRestarts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a failure or an end of a child leads to. The child has ended, runs on, or is being killed after a failed start. */
final class Failures {

    private final SupervisorSpec spec;
    private final long seed;

    Failures(SupervisorSpec spec, long seed) {
        this.spec = spec;
        this.seed = seed;
    }

    /** Does what the rules say about a failure. */
    void judge(Turn turn, ChildEntry child, Throwable failure) {
        Verdict verdict = spec.rules().verdict(failure);
        ChildEntry failed = noted(turn, child, failure, verdict);
        switch (verdict.action()) {
            case ESCALATE -> Rounds.giveUp(turn, failure);
            case STOP -> leave(turn, failed, Then.STOP);
            case IGNORE -> {
                if (!(failed.phase() instanceof Phase.Running)) {
                    endedInOrder(turn, failed);
                }
            }
            case RESTART -> {
                if (failed.isTemporary()) {
                    leave(turn, failed, Then.REMOVE);
                } else {
                    restart(turn, failed, failure);
                }
            }
        }
    }

    /** A first start has no rules: without it the supervisor has not started, or the child was not added. */
    void firstStartFailed(Turn turn, ChildEntry child, Throwable failure) {
        FailureAction action = child.isFirst() ? FailureAction.ESCALATE : FailureAction.STOP;
        ChildEntry failed = noted(turn, child, failure, new Verdict(action, null));
        if (child.isFirst()) {
            Rounds.giveUp(turn, new ChildNotStarted(turn.pathOf(child), failure));
            return;
        }
        // whoever added it hears of it when it is out of the tree
        leave(turn, failed, Then.REMOVE);
    }

    void endedInOrder(Turn turn, ChildEntry child) {
        switch (child.spec().restart()) {
            case PERMANENT -> restart(turn, child, null);
            case TEMPORARY -> leave(turn, child, Then.REMOVE);
            case TRANSIENT -> {
                if (turn.isBeingStoppedByRound(child)) {
                    leave(turn, child, Then.TURN);
                }
            }
        }
    }

    private static ChildEntry noted(Turn turn, ChildEntry child, Throwable failure, Verdict verdict) {
        turn.tell(new SupervisionEvent.Failed(turn.pathOf(child), failure, verdict.action(), verdict.rule()));
        return turn.put(child.with(child.history().failed(failure)));
    }

    private static void leave(Turn turn, ChildEntry child, Then then) {
        if (child.phase().isAlive()) {
            turn.stop(child, then);
        } else {
            Rounds.settle(turn, child, then);
        }
    }

    private void restart(Turn turn, ChildEntry child, @Nullable Throwable failure) {
        if (turn.isBeingStoppedByRound(child)) {
            // as if the round had been quicker: nothing to count
            awaitTurn(turn, child);
            return;
        }
        if (!mayRestart(turn)) {
            Rounds.giveUp(turn, tooMany(turn, failure));
            return;
        }
        ChildEntry waiting = backingOff(turn, child);
        if (spec.strategy() == RestartStrategy.ONE_FOR_ONE) {
            leave(turn, waiting, Then.RESTART);
            return;
        }
        awaitTurn(turn, waiting);
        int place = spec.strategy() == RestartStrategy.ONE_FOR_ALL ? 0 : turn.placeOf(child);
        Rounds.begin(turn, place, waiting.history().dueNanos());
    }

    /** One that runs is stopped by the round, behind its siblings. */
    private static void awaitTurn(Turn turn, ChildEntry child) {
        if (!(child.phase() instanceof Phase.Running)) {
            leave(turn, child, Then.TURN);
        }
    }

    private boolean mayRestart(Turn turn) {
        if (spec.intensity() == Integer.MAX_VALUE) {
            // no number is too large: without this, each restart within the period would be kept and looked at
            return true;
        }
        long periodNanos = spec.period().toNanos();
        List<Long> inPeriod = new ArrayList<>();
        for (Long restart : turn.restartsNanos) {
            if (turn.nowNanos - restart <= periodNanos) {
                inPeriod.add(restart);
            }
        }
        inPeriod.add(turn.nowNanos);
        turn.restartsNanos = inPeriod;
        return inPeriod.size() <= spec.intensity();
    }

    private TooManyRestarts tooMany(Turn turn, @Nullable Throwable failure) {
        return failure == null
                ? new TooManyRestarts(turn.path(), spec.intensity(), spec.period())
                : new TooManyRestarts(turn.path(), spec.intensity(), spec.period(), failure);
    }

    private ChildEntry backingOff(Turn turn, ChildEntry child) {
        ChildEntry.History history = child.history();
        Backoff backoff = child.spec().backoffElse(spec.backoff());
        int inARow = history.wasHealthy(turn.nowNanos, backoff.resetAfter())
                ? 1
                : Math.min(history.inARow(), Integer.MAX_VALUE - 1) + 1;
        double roll = Chance.roll(seed ^ Chance.mix(child.name().hashCode() + history.restarts()));
        long delayNanos = backoff.delayNanos(inARow, roll);
        ChildEntry waiting = turn.put(child.with(history.restarting(inARow, turn.nowNanos + delayNanos)));
        turn.tell(new SupervisionEvent.Restarting(
                turn.pathOf(child),
                Duration.ofNanos(delayNanos),
                waiting.history().restarts()));
        return waiting;
    }
}
