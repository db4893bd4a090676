package dev.streamipc.faults;

import dev.streamipc.message.Certainty;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judges what a pool has told of its tasks by what the workers themselves have written. It knows nothing of pools: only tasks,
 * outcomes and lines.
 *
 * @param violations what must never be, in words
 * @param unwritten tasks said to be EXECUTED whose worker was killed before its first line; the handler had been announced
 */
record PoolHistory(List<String> violations, int unwritten) {

    /**
     * What became of a task.
     *
     * @param workers on how many it might be begun
     * @param outcome "ok", or the type of the failure
     * @param certainty what the failure says of the handler, null of an answer
     * @param outcomes how many it had
     */
    record Told(int id, int workers, String outcome, Certainty certainty, int outcomes) {

        boolean isOk() {
            return outcome.equals("ok");
        }
    }

    /** What the workers wrote of a task. */
    private static final class Written {
        private final List<Integer> attempts = new ArrayList<>();
        private int ended;
    }

    private static final Written NOTHING = new Written();

    /** One that was announced may get no core until its time is up and its worker is killed. */
    private static final Set<String> MAY_BE_UNWRITTEN = Set.of("ChildDied", "DeadlinePassed", "Cancelled");

    /** Judges all tasks that were handed in, and all lines. */
    static PoolHistory judge(Collection<Told> tasks, PoolLedger ledger) {
        List<String> violations = new ArrayList<>(ledger.torn());
        Map<Integer, Written> written = new HashMap<>();
        for (PoolLedger.Line line : ledger.lines()) {
            Written task = written.computeIfAbsent(line.id(), none -> new Written());
            if (line.isBegin()) {
                task.attempts.add(line.attempt());
            } else {
                task.ended++;
            }
        }
        int unwritten = 0;
        Set<Integer> known = new HashSet<>();
        for (Told told : tasks) {
            known.add(told.id());
            Written task = written.getOrDefault(told.id(), NOTHING);
            fault(told, task)
                    .forEach(what ->
                            violations.add(what + ": " + told + ", begun=" + task.attempts + ", ended=" + task.ended));
            unwritten += isUnwritten(told, task) ? 1 : 0;
        }
        written.keySet().stream()
                .filter(id -> !known.contains(id))
                .forEach(id -> violations.add("begun and never handed in: id=" + id));
        return new PoolHistory(violations, unwritten);
    }

    private static boolean isUnwritten(Told told, Written task) {
        return task.attempts.isEmpty() && told.certainty() == Certainty.EXECUTED;
    }

    private static List<String> fault(Told told, Written task) {
        List<String> faults = new ArrayList<>();
        int begun = task.attempts.size();
        check(faults, told.outcomes() == 1, "not one outcome");
        check(faults, begun <= told.workers(), "begun more often than allowed");
        check(faults, new HashSet<>(task.attempts).size() == begun, "one attempt begun twice");
        check(faults, task.attempts.stream().allMatch(each -> each >= 1 && each <= told.workers()), "no such attempt");
        check(faults, task.ended <= begun, "ended and not begun");
        check(faults, !told.isOk() || task.ended >= 1, "answered and not ended");
        check(faults, told.certainty() != Certainty.NOT_EXECUTED || begun == 0, "NOT_EXECUTED and begun");
        check(faults, !isUnwritten(told, task) || MAY_BE_UNWRITTEN.contains(told.outcome()), "EXECUTED and not begun");
        return faults;
    }

    private static void check(List<String> faults, boolean holds, String what) {
        if (!holds) {
            faults.add(what);
        }
    }
}
