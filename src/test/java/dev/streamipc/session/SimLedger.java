package dev.streamipc.session;

import dev.streamipc.message.Certainty;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.session.SimMessages.Answer;
import dev.streamipc.session.SimMessages.Ask;
import dev.streamipc.session.SimMessages.Deed;
import dev.streamipc.session.SimMessages.Note;
import java.time.Duration;
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
        final Deed deed;
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
        boolean isCancelled;

        @Nullable
        Answer answer;

        @Nullable
        Throwable failure;

        Entry(Ask ask, SimSide asker, CompletableFuture<Answer> call, long deadlineNanos) {
            this.number = ask.number();
            this.deed = ask.deed();
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

    /** One ping: it says that all before it was decoded. */
    static final class Ping {

        final SimSide asker;
        final long notesBefore;
        final long askedNanos;
        final long deadlineNanos;
        int outcomes;
        long outcomeNanos;
        boolean passedTooEarly;

        Ping(SimSide asker, long notesBefore, long deadlineNanos) {
            this.asker = asker;
            this.notesBefore = notesBefore;
            this.askedNanos = asker.world.nowNanos();
            this.deadlineNanos = deadlineNanos;
        }
    }

    final List<Ping> pings = new ArrayList<>();
    private final Map<SimSide, Long> acceptedNotes = new HashMap<>();
    private final Map<Long, Entry> entries = new HashMap<>();
    private final Map<Long, Integer> earlyBegins = new HashMap<>();
    /** What handlers saw, requests and notifications in one order. */
    final Map<SimSide, List<Long>> handed = new HashMap<>();

    boolean mayOvertake;

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
        handed.computeIfAbsent(at, side -> new ArrayList<>()).add(number);
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

    /** A notification was taken, so that it goes before whatever is sent later. */
    void accepted(SimSide from) {
        acceptedNotes.merge(from, 1L, Long::sum);
    }

    void pinged(SimSide from, Duration limit) {
        Ping ping = new Ping(from, acceptedNotes.getOrDefault(from, 0L), from.world.nowNanos() + limit.toNanos());
        pings.add(ping);
        from.session().ping(limit).whenComplete((took, failure) -> {
            ping.outcomes++;
            ping.outcomeNanos = from.world.nowNanos();
            ping.passedTooEarly = failure == null && from.other().notesDecoded() < ping.notesBefore;
            from.world.trace(
                    from,
                    "ping " + (failure == null ? "answered" : failure.getClass().getSimpleName()));
        });
    }

    void ended(long number) {
        Entry entry = entries.get(number);
        if (entry != null) {
            entry.ended++;
        }
    }

    void noted(long number, SimSide at) {
        handed.computeIfAbsent(at, side -> new ArrayList<>()).add(number);
    }
}
