package dev.streamipc.supervise;

import dev.streamipc.supervise.Phase.Ended;
import dev.streamipc.supervise.Phase.Starting;
import dev.streamipc.supervise.Phase.Stopped;
import dev.streamipc.supervise.Phase.Stopping;
import dev.streamipc.supervise.Phase.Then;
import dev.streamipc.supervise.Phase.Waiting;
import dev.streamipc.supervise.SupervisionState.Round;
import dev.streamipc.supervise.SupervisionState.Stage;
import org.jspecify.annotations.Nullable;

/** What goes in the order of the children: starts one after the other, stops likewise in reverse, and the end of it all. */
final class Rounds {

    private Rounds() {}

    /** Goes on with the round or the shutdown that is under way, as far as it can go now. */
    static void advance(Turn turn) {
        if (turn.stage == Stage.STOPPING) {
            advanceShutdown(turn);
        } else if (turn.round != null) {
            advance(turn, turn.round);
        }
    }

    /**
     * Begins a round of restarts. One that is under way goes on as part of it: whoever fails in a round was started before
     * those who still await their turn, and stands in front of them.
     */
    static void begin(Turn turn, int from, long dueNanos) {
        Round round = turn.round;
        Long before = round == null ? null : round.dueNanos();
        long due = before != null && before - dueNanos > 0 ? before : dueNanos;
        turn.round = new Round(from, due, true, 0);
        for (ChildEntry child : turn.children.subList(from, turn.children.size())) {
            if (child.phase() instanceof Ended) {
                turn.put(child.in(new Waiting(null)));
            }
        }
    }

    private static void advance(Turn turn, Round round) {
        if (round.stopping()) {
            ChildEntry last = lastAlive(turn, round.from());
            if (last != null) {
                turn.stop(last, Then.TURN);
                return;
            }
            turn.round = round.allStopped();
        }
        startNext(turn, turn.round == null ? round : turn.round);
    }

    private static void startNext(Turn turn, Round round) {
        if (round.dueNanos() != null && !turn.isDue(round.dueNanos())) {
            return;
        }
        turn.round = round.backedOff();
        ChildEntry current = round.current() == 0 ? null : turn.living(round.current());
        boolean busy = current != null && (current.phase() instanceof Starting || current.phase() instanceof Stopping);
        if (busy) {
            return;
        }
        int next = firstAwaitingTurn(turn, round.from());
        if (next < turn.children.size()) {
            turn.round = round.startedOne(turn.start(turn.children.get(next)));
            return;
        }
        turn.round = null;
        if (turn.stage == Stage.STARTING) {
            turn.stage = Stage.RUNNING;
            turn.output(new SupervisorOutput.HasStarted());
        }
    }

    /** Puts a child whose life is over where it belongs. */
    static void settle(Turn turn, ChildEntry child, Then then) {
        boolean leaves =
                then == Then.REMOVE || child.isTemporary() || !child.removals().isEmpty();
        if (leaves) {
            turn.remove(child, "gone before it started");
        } else if (turn.stage == Stage.STOPPING) {
            turn.put(child.in(new Ended()));
        } else {
            settleToStay(turn, child, then);
        }
    }

    private static void settleToStay(Turn turn, ChildEntry child, Then then) {
        long dueNanos = child.history().dueNanos();
        if (then == Then.RESTART && turn.isDue(dueNanos)) {
            turn.start(child);
        } else if (then == Then.RESTART) {
            turn.put(child.in(new Waiting(dueNanos)));
        } else if (then == Then.TURN) {
            turn.put(child.in(new Waiting(null)));
        } else {
            turn.put(child.in(then == Then.STOP ? new Stopped() : new Ended()));
        }
    }

    /** Ends the supervisor as failed. */
    static void giveUp(Turn turn, Throwable failure) {
        turn.tell(new SupervisionEvent.GaveUp(turn.path(), failure));
        shutDown(turn, failure);
    }

    /** Begins the end of the supervisor; only the first reason counts. */
    static void shutDown(Turn turn, @Nullable Throwable cause) {
        if (turn.stage == Stage.STOPPING || turn.stage == Stage.ENDED) {
            return;
        }
        turn.stage = Stage.STOPPING;
        turn.cause = cause;
        turn.round = null;
        for (ChildEntry child : turn.children) {
            if (child.phase() instanceof Waiting) {
                turn.put(child.in(new Ended()));
            }
        }
    }

    private static void advanceShutdown(Turn turn) {
        ChildEntry last = lastAlive(turn, 0);
        if (last == null) {
            finish(turn);
        } else if (turn.killed) {
            killAll(turn);
        } else if (!(last.phase() instanceof Stopping)) {
            turn.stop(last, Then.REST);
        }
    }

    private static void killAll(Turn turn) {
        for (int place = turn.children.size() - 1; place >= 0; place--) {
            ChildEntry child = turn.children.get(place);
            boolean killed = child.phase() instanceof Stopping stopping && stopping.killed();
            if (child.phase().isAlive() && !killed) {
                turn.kill(child, Then.REST, "the supervisor is killed");
            }
        }
    }

    private static void finish(Turn turn) {
        turn.stage = Stage.ENDED;
        for (ChildEntry child : turn.children) {
            if (child.added() != 0) {
                turn.answerNotAdded(child, "the supervisor ended before it started");
                turn.put(child.answered());
            }
        }
        turn.output(new SupervisorOutput.HasEnded(turn.cause));
    }

    private static @Nullable ChildEntry lastAlive(Turn turn, int from) {
        for (int place = turn.children.size() - 1; place >= from; place--) {
            if (turn.children.get(place).phase().isAlive()) {
                return turn.children.get(place);
            }
        }
        return null;
    }

    private static int firstAwaitingTurn(Turn turn, int from) {
        int place = from;
        while (place < turn.children.size() && !turn.children.get(place).phase().awaitsTurn()) {
            place++;
        }
        return place;
    }
}
