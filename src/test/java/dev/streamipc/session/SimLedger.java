package dev.streamipc.session;

import dev.streamipc.message.Certainty;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.session.SimMessages.Answer;
import dev.streamipc.session.SimMessages.Note;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What really happened, written down beside what the callers were told. */
final class SimLedger {

    /** One call: asked on a side, and what came of it. */
    static final class Entry {

        final long number;
        final SimSide asker;
        final CompletableFuture<Answer> call;
        final long deadlineNanos;
        final long askedNanos;
        int begun;
        int ended;
        int outcomes;
        long outcomeNanos;

        long lastUpdate;
        int updatesOutOfPlace;

        @Nullable
        Answer answer;

        @Nullable
        Throwable failure;

        Entry(long number, SimSide asker, CompletableFuture<Answer> call, long deadlineNanos) {
            this.number = number;
            this.asker = asker;
            this.call = call;
            this.deadlineNanos = deadlineNanos;
            this.askedNanos = asker.world.nowNanos();
        }

        @Nullable
        Certainty certainty() {
            return failure instanceof IpcFailure known ? known.certainty() : null;
        }

        String outcome() {
            if (outcomes == 0) {
                return "open";
            }
            return failure == null ? "answered" : failure.getClass().getSimpleName() + " " + certainty();
        }
    }

    private final Map<Long, Entry> entries = new HashMap<>();
    private final Map<Long, Integer> earlyBegins = new HashMap<>();
    final Map<SimSide, List<Long>> begins = new HashMap<>();
    final Map<SimSide, List<Long>> notes = new HashMap<>();

    List<Entry> all() {
        return new ArrayList<>(entries.values());
    }

    void asked(Entry entry) {
        entry.begun += earlyBegins.getOrDefault(entry.number, 0);
        entries.put(entry.number, entry);
        entry.call.whenComplete((answer, failure) -> {
            entry.outcomes++;
            entry.outcomeNanos = entry.asker.world.nowNanos();
            entry.answer = answer;
            entry.failure = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
            entry.asker.world.trace(entry.asker, "outcome " + entry.number + " " + entry.outcome());
        });
    }

    void begun(long number, SimSide at) {
        at.world.trace(at, "begin " + number);
        begins.computeIfAbsent(at, side -> new ArrayList<>()).add(number);
        Entry entry = entries.get(number);
        if (entry == null) {
            earlyBegins.merge(number, 1, Integer::sum);
        } else {
            entry.begun++;
        }
    }

    /** Updates come in order, count those that were left out, and none comes after the outcome. */
    void updated(long number, Progress<Note> update) {
        Entry entry = entries.get(number);
        entry.asker.world.trace(
                entry.asker, "update " + update.message().number() + " of " + number + ", skipped " + update.skipped());
        long due = entry.lastUpdate + update.skipped() + 1;
        if (entry.outcomes > 0 || update.message().number() != due) {
            entry.updatesOutOfPlace++;
        }
        entry.lastUpdate = update.message().number();
    }

    void ended(long number) {
        Entry entry = entries.get(number);
        if (entry != null) {
            entry.ended++;
        }
    }

    void noted(long number, SimSide at) {
        notes.computeIfAbsent(at, side -> new ArrayList<>()).add(number);
    }
}
