package dev.streamipc.session;

import dev.streamipc.message.Cancelled;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.ProtocolError;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.message.Undecodable;
import dev.streamipc.session.SimLedger.Entry;
import dev.streamipc.session.SimMessages.Deed;
import java.util.ArrayList;
import java.util.List;

/** The promises, held against what really happened. */
final class SimCheck {

    /** A timer looks every 2 ms and comes a little late, and a callback takes its time. */
    private static final long LATE_NANOS = 5_000_000;

    /** The time left travels in whole milliseconds. */
    private static final long CUT_OFF_NANOS = 1_000_000;

    /** The close limit of these runs, and what a parting word may take. */
    private static final long CLOSE_NANOS = 3_100_000_000L;

    /** An exit is seen within 30 ms, and what was written before is waited for, if its end is not seen, 250 ms. */
    private static final long DEATH_SEEN_NANOS = 300_000_000;

    private final SimLedger ledger;
    private final SimFaults faults;
    private final SimSide parent;
    private final SimSide child;
    private final List<String> broken = new ArrayList<>();

    SimCheck(SimLedger ledger, SimFaults faults, SimSide parent, SimSide child) {
        this.ledger = ledger;
        this.faults = faults;
        this.parent = parent;
        this.child = child;
    }

    /** Returns the promises that were broken. */
    List<String> broken() {
        ledger.all().forEach(this::checkCall);
        if (!ledger.mayOvertake) {
            inOrder(ledger.handed);
        }
        ledger.pings.forEach(this::checkPing);
        settled(parent);
        settled(child);
        return broken;
    }

    private void expect(boolean fact, String promise, Entry entry) {
        if (!fact) {
            broken.add(promise + ": call=" + entry.number + ", by=" + entry.asker.name + ", outcome=" + entry.outcome()
                    + ", begun=" + entry.begun + ", ended=" + entry.ended + ", outcomes=" + entry.outcomes);
        }
    }

    private void checkCall(Entry entry) {
        expect(entry.begun <= 1, "a handler runs at most once", entry);
        if (entry.asker.isDead()) {
            return;
        }
        expect(
                entry.updatesOutOfPlace == 0 || faults.hasDamage(),
                "progress comes in order, what is left out is counted, and none comes after the outcome",
                entry);
        expect(entry.outcomes == 1, "a call has exactly one outcome", entry);
        if (entry.failure == null) {
            boolean right = entry.answer != null && entry.answer.number() == entry.number;
            expect(right && entry.ended == 1, "an answer is the answer of its handler", entry);
        } else {
            expect(entry.certainty() != null, "a failure is one of the family", entry);
            expect(isTrue(entry, entry.failure), "a failure says what happened", entry);
            expect(
                    entry.certainty() != Certainty.NOT_EXECUTED || entry.begun == 0,
                    "not executed is never a lie",
                    entry);
            boolean knowable = !faults.hasDamage() && !other(entry.asker).isDead();
            expect(
                    entry.certainty() != Certainty.EXECUTED || entry.begun == 1 || !knowable,
                    "executed was begun",
                    entry);
        }
        long death = other(entry.asker).diedNanos();
        expect(
                entry.outcomeNanos - Math.max(death, entry.askedNanos) <= DEATH_SEEN_NANOS || faults.hasStalls(),
                "a death ends the calls of the other side",
                entry);
        boolean inTime = isInTime(entry.asker, entry.askedNanos, entry.deadlineNanos, entry.outcomeNanos);
        expect(inTime, "a call ends by its deadline and before its session is over", entry);
    }

    private boolean isInTime(SimSide asker, long askedNanos, long deadlineNanos, long outcomeNanos) {
        long latest = Math.min(deadlineNanos, Math.max(askedNanos, asker.overNanos()));
        return outcomeNanos - latest <= LATE_NANOS || faults.hasStalls();
    }

    /** Returns whether what a failure says is what was done, as far as that is known. */
    private boolean isTrue(Entry entry, Throwable failure) {
        SimSide other = other(entry.asker);
        if (failure instanceof RemoteFailure) {
            return entry.deed == Deed.THROW;
        } else if (failure instanceof Rejected rejected && rejected.reason() == Rejected.Reason.UNHANDLED) {
            return entry.deed == Deed.DECLINE || entry.askedNanos <= other.handlesSinceNanos();
        } else if (failure instanceof Cancelled) {
            return entry.isCancelled;
        } else if (failure instanceof DeadlinePassed) {
            return entry.outcomeNanos >= entry.deadlineNanos - CUT_OFF_NANOS;
        } else if (failure instanceof ChildDied) {
            return entry.asker == parent && other.isDead();
        } else if (failure instanceof ProtocolError || failure instanceof Undecodable) {
            return faults.hasDamage();
        } else if (failure instanceof SessionClosed closed) {
            return switch (closed.who()) {
                case THIS_SIDE -> entry.asker.isClosedByProgram();
                case OTHER_SIDE -> other.isClosedByProgram() || faults.hasDamage();
                case STREAM -> faults.hasAny() || other.isOver() || other.isDead();
            };
        }
        return true;
    }

    private void checkPing(SimLedger.Ping ping) {
        if (ping.asker.isDead()) {
            return;
        }
        boolean inTime = isInTime(ping.asker, ping.askedNanos, ping.deadlineNanos, ping.outcomeNanos);
        boolean isBarrier = !ping.passedTooEarly || faults.hasDamage() || !ping.asker.hasMuchRoom();
        if (ping.outcomes != 1 || !inTime || !isBarrier) {
            broken.add("a ping ends once, in time, and behind all that was sent before: by=" + ping.asker.name
                    + ", outcomes=" + ping.outcomes + ", inTime=" + inTime + ", isBarrier=" + isBarrier);
        }
    }

    private SimSide other(SimSide side) {
        return side == parent ? child : parent;
    }

    private void inOrder(java.util.Map<SimSide, List<Long>> seen) {
        seen.forEach((side, numbers) -> {
            for (int i = 1; i < numbers.size(); i++) {
                if (numbers.get(i) <= numbers.get(i - 1)) {
                    broken.add("handed over out of order: at=" + side.name + ", " + numbers.get(i - 1) + " before "
                            + numbers.get(i));
                }
            }
        });
    }

    private void settled(SimSide side) {
        if (side.isDead()) {
            return;
        }
        if (!side.isOver()) {
            broken.add("a session that was closed is released: side=" + side.name);
        }
        if (side.closeTookNanos() > CLOSE_NANOS) {
            broken.add("a close takes no longer than it may: side=" + side.name + ", nanos=" + side.closeTookNanos());
        }
        int pending = side.conversation().out.pending.size();
        if (pending > 0) {
            broken.add("no call is kept after the end: side=" + side.name + ", pending=" + pending);
        }
    }
}
