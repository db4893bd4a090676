package dev.streamipc.faults;

import dev.streamipc.message.IpcFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one case saw: the proof of its fault, the outcomes of its calls, what should not have been. For any thread. */
public final class Evidence {

    private static final String CRASH_TO_FAILURE = "crash to last failure";

    private final Map<String, Object> proof = new LinkedHashMap<>();
    private final Map<String, Long> outcomes = new TreeMap<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private final Map<String, Double> timesMs = new TreeMap<>();

    /** Keeps a fact that proves the fault: pid, signal, exit code, the marker of the phase. A case without any fails. */
    public synchronized Evidence proof(String name, Object value) {
        proof.put(name, value);
        return this;
    }

    /** Counts a call that was answered. */
    public synchronized Evidence answered() {
        outcomes.merge("answered", 1L, Long::sum);
        return this;
    }

    /** Counts a call by the type of its failure and by what that says of the handler. */
    public synchronized Evidence failed(IpcFailure failure) {
        outcomes.merge(failure.getClass().getSimpleName() + "/" + failure.certainty(), 1L, Long::sum);
        return this;
    }

    /** Adds to a sum that the document shows over all cases, such as {@code orphans}. */
    public synchronized Evidence count(String name, long number) {
        counts.merge(name, number, Long::sum);
        return this;
    }

    /** Keeps the time from a crash, while nothing hinders the parent, to the last outcome. */
    public Evidence lastOutcomeNanos(long nanos) {
        return time(CRASH_TO_FAILURE, nanos);
    }

    /** Keeps a time of which the document shows the spread over all cases. */
    public synchronized Evidence time(String name, long nanos) {
        timesMs.put(name, Math.round(nanos / 1_000.0) / 1_000.0);
        return this;
    }

    /** Keeps something that must never be; the case fails with it once it is recorded. */
    public synchronized Evidence violation(String what) {
        violations.add(what);
        return this;
    }

    /** Keeps a violation unless the fact holds. */
    public Evidence require(boolean holds, String what) {
        return holds ? this : violation(what);
    }

    /** Takes in what another process saw, which tells it as {@link #toJson} does. */
    synchronized void takeIn(Map<String, Object> seen) {
        proof.putAll(facts(seen, "proof"));
        facts(seen, "outcomes")
                .forEach((name, number) -> outcomes.merge(name, ((Number) number).longValue(), Long::sum));
        facts(seen, "counts").forEach((name, number) -> count(name, ((Number) number).longValue()));
        facts(seen, "timesMs").forEach((name, millis) -> timesMs.put(name, ((Number) millis).doubleValue()));
        ((List<?>) seen.get("violations")).forEach(each -> violations.add(String.valueOf(each)));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> facts(Map<String, Object> seen, String name) {
        return (Map<String, Object>) seen.get(name);
    }

    /** Returns the violations so far. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    synchronized boolean isProven() {
        return !proof.isEmpty();
    }

    /** Returns all of it; the names of times end with what is given. */
    synchronized Map<String, Object> toJson(String timesOf) {
        Map<String, Object> json = new LinkedHashMap<>();
        Map<String, Object> times = new TreeMap<>();
        timesMs.forEach((name, millis) -> times.put(name + timesOf, millis));
        json.put("proof", new LinkedHashMap<>(proof));
        json.put("outcomes", new TreeMap<>(outcomes));
        json.put("timesMs", times);
        json.put("counts", new TreeMap<>(counts));
        json.put("violations", List.copyOf(violations));
        return json;
    }
}
