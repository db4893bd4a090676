package dev.streamipc.faults;

import static dev.streamipc.message.Certainty.EXECUTED;
import static dev.streamipc.message.Certainty.MAYBE_EXECUTED;
import static dev.streamipc.message.Certainty.NOT_EXECUTED;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.faults.Calls.Note;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.BroadcastResult;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Children that are killed with SIGKILL between their answer and the end of the session, or amid a broadcast. */
class KillReplyTest {

    /** Less than the 250 ms for which a dead child's pipe is read on. */
    private static final long SURE_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int NOTES = 500;
    private static final int HOLD_AT_NOTE = 100;

    private static final Rows ROWS = new Rows(KillReplyTest.class);

    @Test
    void halfAReplyWritten() throws Exception {
        ROWS.play("kill.reply-half-written", stage -> {
            stage.adoptWarm();
            holdReader(stage);
            Asked call = stage.ask("big");
            int bytes = stage.awaitFullPipe();
            stage.evidence.require(bytes < 1 << 20, "the whole reply fits the pipe");
            boolean ended = Ledger.read(stage.folder).hasEnded(call.id);
            stage.evidence.proof("handlerEnded", ended).require(ended, "no reply was made");
            stage.kill();
            if (stage.isOdd()) {
                stage.gate().open();
            }
            stage.settle(stage.isOdd());
            stage.proveSignal("SIGKILL");
            stage.expect(call, ChildDied.class, stage.isOdd() ? EXECUTED : MAYBE_EXECUTED);
        });
    }

    @Test
    void replyWrittenButNotRead() throws Exception {
        ROWS.play("kill.reply-unread", stage -> {
            stage.adoptWarm();
            holdReader(stage);
            Asked call = stage.ask("echo", "x".repeat(1_000), Stage.TELLING);
            Eventually.await("the reply is in the pipe", () -> stage.gate().waiting() > 1_000);
            stage.evidence
                    .proof("phase", "replied")
                    .proof("pipeBytes", stage.gate().waiting());
            stage.kill();
            long deadNanos = System.nanoTime();
            stage.proveSignal("SIGKILL");
            if (stage.isOdd()) {
                stage.gate().open();
            }
            boolean inTime = stage.isOdd() && System.nanoTime() - deadNanos < SURE_NANOS;
            stage.settle(false);
            if (inTime) {
                stage.expectAnswer(call);
            } else if (!stage.isOdd()) {
                stage.expect(call, ChildDied.class, MAYBE_EXECUTED);
            }
        });
    }

    /** From now on nothing that the child writes is read; what comes in next stands before the gate. */
    private static void holdReader(Stage stage) throws Exception {
        stage.gate().shut();
        stage.session().ping(PATIENCE);
        Eventually.await("the reader is held", () -> stage.gate().holds());
    }

    @Test
    void duringClose() throws Exception {
        ROWS.play("kill.closing", stage -> {
            if (stage.isOdd()) {
                whileTheParentCloses(stage);
            } else {
                whileTheChildCloses(stage);
            }
        });
    }

    private static void whileTheParentCloses(Stage stage) throws Exception {
        stage.spawnWarm();
        Asked running = stage.ask("hold");
        stage.awaitMark("handler");
        FutureTask<Void> close = new FutureTask<>(stage.session()::close, null);
        new Thread(close, "faults-close").start();
        Eventually.await("close has ended the call", running::isSettled);
        Asked late = stage.ask("late");
        stage.evidence.proof("closeWaits", !close.isDone()).require(!close.isDone(), "close did not wait");
        stage.kill();
        close.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        stage.settle(false);
        stage.proveSignal("SIGKILL");
        stage.expect(running, SessionClosed.class, EXECUTED, MAYBE_EXECUTED);
        stage.expect(late, SessionClosed.class, NOT_EXECUTED);
    }

    private static void whileTheChildCloses(Stage stage) throws Exception {
        stage.spawnWarm();
        Asked running = stage.ask("close");
        stage.awaitMark("closing");
        List<Asked> late = new ArrayList<>();
        Eventually.await("the goodbye is heard, and no call is taken any more", () -> {
            late.add(stage.ask("late"));
            Asked last = late.get(late.size() - 1);
            return last.isSettled() && last.failure() instanceof SessionClosed;
        });
        stage.kill();
        stage.settle(true);
        stage.proveSignal("SIGKILL");
        stage.expect(running, SessionClosed.class, EXECUTED, MAYBE_EXECUTED);
        late.forEach(call -> stage.evidence.require(call.answer() == null, "a call behind the goodbye was answered"));
    }

    @Test
    void duringABroadcast() throws Exception {
        ROWS.play("kill.broadcast", stage -> {
            stage.spawn("note-" + HOLD_AT_NOTE);
            stage.warm();
            ConcurrentLinkedQueue<Integer> heard = new ConcurrentLinkedQueue<>();
            try (IpcPeer other = IpcPeer.builder().messages(Calls.ALL).build()) {
                IpcSession survivor = survivor(stage, other, heard);
                broadcast(stage, 0, HOLD_AT_NOTE + 1);
                stage.awaitMark("note");
                Asked call = stage.ask("echo");
                stage.faultIsNow();
                stage.kill();
                List<BroadcastResult> results = broadcast(stage, HOLD_AT_NOTE + 1, NOTES);
                stage.settle(true);
                stage.proveSignal("SIGKILL");
                // behind the notes, which the writer may still hold
                stage.expect(call, ChildDied.class, MAYBE_EXECUTED, NOT_EXECUTED);
                survivor.flush(PATIENCE);
                Eventually.await("the other session has all", () -> heard.size() >= NOTES);
                List<Integer> all = IntStream.range(0, NOTES).boxed().toList();
                stage.evidence.require(List.copyOf(heard).equals(all), "the other session missed notes");
                stage.evidence.require(
                        results.stream().allMatch(result -> result.refusal().isEmpty() || isOfTheDead(stage, result)),
                        "refused to the living: " + results);
            }
        });
    }

    private static boolean isOfTheDead(Stage stage, BroadcastResult result) {
        return result.session() == stage.session() && !(result.refusal().orElseThrow() instanceof Rejected);
    }

    /** A second session of the stage's peer, whose other side is in this JVM. */
    private static IpcSession survivor(Stage stage, IpcPeer other, ConcurrentLinkedQueue<Integer> heard) {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 16);
        IpcSession there = other.createSession(pair.right(), Role.CHILD);
        there.onMessage(Note.class, note -> heard.add(note.number()));
        there.start();
        IpcSession here = stage.peer.createSession(pair.left(), Role.PARENT);
        here.start();
        return here;
    }

    /** Broadcasts the notes of a range, and returns the results of the last. */
    private static List<BroadcastResult> broadcast(Stage stage, int from, int to) {
        List<BroadcastResult> last = List.of();
        for (int number = from; number < to; number++) {
            last = stage.peer.broadcast(new Note(number, "x".repeat(100)));
        }
        return last;
    }
}
