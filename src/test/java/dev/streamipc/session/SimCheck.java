package dev.streamipc.session;

import dev.streamipc.message.Certainty;
import dev.streamipc.session.SimLedger.Entry;
import java.util.ArrayList;
import java.util.List;

/** The promises, held against what really happened. */
final class SimCheck {

    /** A timer looks every 2 ms and comes a little late, and a callback takes its time. */
    private static final long LATE_NANOS = 5_000_000;

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
        inOrder("begun", ledger.begins);
        inOrder("notified", ledger.notes);
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
        boolean inTime = entry.outcomeNanos - entry.deadlineNanos <= LATE_NANOS;
        expect(inTime || faults.hasStalls(), "a call ends by its deadline", entry);
    }

    private SimSide other(SimSide side) {
        return side == parent ? child : parent;
    }

    private void inOrder(String what, java.util.Map<SimSide, List<Long>> seen) {
        seen.forEach((side, numbers) -> {
            for (int i = 1; i < numbers.size(); i++) {
                if (numbers.get(i) <= numbers.get(i - 1)) {
                    broken.add(what + " out of order: at=" + side.name + ", " + numbers.get(i - 1) + " before "
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
        int pending = side.conversation().out.pending.size();
        if (pending > 0) {
            broken.add("no call is kept after the end: side=" + side.name + ", pending=" + pending);
        }
    }
}
