package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.channel.StreamChannel;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Kind;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Limits;
import dev.streamipc.session.Role;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is there after many sessions and calls: no thread, no descriptor, no call in a table, no object. */
@Timeout(300)
class LeftBehindTest {

    static final int AT_ONCE = 50;
    static final int BATCH = 2_000;
    private static final int LOOKS = 20;
    private static final CallOptions UNANSWERED =
            CallOptions.deadline(Duration.ofMillis(4)).tellingStarted();
    private static final Matrix MATRIX = Matrix.of(LeftBehindTest.class);

    private static IpcPeer.Builder peer(Combo combo) {
        return IpcPeer.builder()
                .messages(Talk.ALL)
                .serializers(Talk.serializer(combo))
                .closeLimit(Duration.ofMillis(500));
    }

    /** The two ends of one connection. */
    private record Ends(IpcChannel left, IpcChannel right) {

        static Ends inMemory() {
            MemoryChannel.Pair pair = MemoryChannel.pair(1 << 12);
            return new Ends(pair.left(), pair.right());
        }

        static Ends overPipes() throws IOException {
            Pipe there = Pipe.open();
            Pipe back = Pipe.open();
            return new Ends(
                    StreamChannel.of(Channels.newInputStream(back.source()), Channels.newOutputStream(there.sink())),
                    StreamChannel.of(Channels.newInputStream(there.source()), Channels.newOutputStream(back.sink())));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void openingAndClosingLeavesNothing(Combo combo) throws Exception {
        for (String row : List.of("left.memory", "left.pipes")) {
            cycles(combo, row, 1);
            Leftovers before = Leftovers.now();
            long conversations = LiveObjects.of("Conversation");
            MATRIX.runAtOnce(row, combo, evidence -> {
                int cycles = Plan.row(row).cases(Profile.current());
                cycles(combo, row, cycles / AT_ONCE);
                Eventually.await("no session is held", () -> LiveObjects.of("Conversation") <= conversations);
                evidence.proof("cycles", cycles).proof("sessionsHeld", LiveObjects.of("Conversation") - conversations);
            });
            MATRIX.after(row, before.left());
        }
    }

    /** Half of them are closed in order, the others lose their channel. */
    private static void cycles(Combo combo, String row, int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            try (IpcPeer left = peer(combo).build();
                    IpcPeer right = peer(combo).build()) {
                List<Ends> lost = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    Ends ends = row.equals("left.pipes") ? Ends.overPipes() : Ends.inMemory();
                    IpcSession parent = left.createSession(ends.left, Role.PARENT);
                    IpcSession child = right.createSession(ends.right, Role.CHILD);
                    child.onRequest(Talk.Ask.class, ask -> new Talk.Answer(ask.text()));
                    child.start();
                    assertEquals("hi", parent.call(new Talk.Ask("hi")).text());
                    if (i % 2 == 0) {
                        lost.add(ends);
                    }
                }
                for (Ends ends : lost) {
                    ends.left.close();
                    ends.right.close();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void callsThatAreLateOrCancelledLeaveTheTablesEmpty(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        long held = LiveObjects.of("PendingCall");
        MATRIX.runAtOnce("left.tables", combo, evidence -> {
            int calls = Plan.row("left.tables").cases(Profile.current());
            MemoryChannel.Pair pair = MemoryChannel.pair(1 << 16);
            // a call that stays in the table leaves no room for another
            Limits limits = Limits.DEFAULT.withMaxCalls(BATCH);
            try (IpcPeer peer = peer(combo).limits(limits).build()) {
                IpcSession session = peer.createSession(pair.left(), Role.PARENT);
                WireSide other = WireSide.on(pair.right(), Role.CHILD, Talk.serializer(combo));
                byte[] answer = other.typed(new Talk.Answer("yes"));
                other.listen((side, frame) -> answerSome(side, frame, answer));
                other.hello().ready();
                for (int first = 0; first < calls; first += BATCH) {
                    batch(session, evidence);
                }
                long left = LiveObjects.of("PendingCall") - held;
                for (int look = 0; left > 0 && look < LOOKS; look++) {
                    // the timer's thread may still be on its way out of a look at all of them
                    left = LiveObjects.of("PendingCall") - held;
                }
                evidence.proof("calls", calls).proof("callsHeld", left);
                evidence.require(left <= 0, "calls are held: count=" + left);
                other.close();
            }
        });
        MATRIX.after("left.tables", before.left());
    }

    private static void answerSome(WireSide side, WireSide.Seen frame, byte[] answer) throws IOException {
        if (frame.kind() == Kind.REQUEST && (frame.flags() & Flags.WANT_STARTED) == 0) {
            side.send(Kind.REPLY, frame.id(), answer);
        }
    }

    /** Of ten calls six are answered, three wait for their deadline, one is cancelled. */
    private static void batch(IpcSession session, Evidence evidence) throws Exception {
        List<CompletableFuture<Talk.Answer>> calls = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            calls.add(session.request(new Talk.Ask("x"), i % 10 < 6 ? CallOptions.DEFAULT : UNANSWERED));
        }
        for (int i = 9; i < BATCH; i += 10) {
            calls.get(i).cancel(true);
        }
        for (CompletableFuture<Talk.Answer> call : calls) {
            Outcomes.count(call, evidence);
        }
        for (int i = 0; i < BATCH; i++) {
            boolean answered = !calls.get(i).isCompletedExceptionally();
            if (answered != i % 10 < 6) {
                evidence.violation("call " + i + ": " + calls.get(i));
            }
        }
    }
}
