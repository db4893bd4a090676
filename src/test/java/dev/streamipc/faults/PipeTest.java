package dev.streamipc.faults;

import static dev.streamipc.message.Certainty.EXECUTED;
import static dev.streamipc.message.Certainty.MAYBE_EXECUTED;
import static dev.streamipc.message.Certainty.NOT_EXECUTED;

import dev.streamipc.channel.Eventually;
import dev.streamipc.faults.Calls.Note;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.CallOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pipes whose one end is closed, held by somebody else, or read by nobody. */
class PipeTest {

    private static final CallOptions SOON = CallOptions.deadline(Duration.ofMillis(300));
    private static final long MAX_CLOSE_MILLIS = 7_000;

    /** 250 ms for which a pipe is read on behind the exit, and time for a busy machine. */
    private static final long MAX_DRAIN_NANOS = 1_500_000_000L;

    private static final Rows ROWS = new Rows(PipeTest.class);

    @Test
    void aClosedStdoutEndsTheSession() throws Exception {
        ROWS.play("pipe.stdout-closed", Rows.MANY_AT_ONCE, stage -> {
            stage.spawnWarm();
            Asked call = stage.ask("close-stdout");
            stage.awaitMark("stdout-closed");
            Eventually.await("the call ends", call::isSettled);
            boolean lives = Linux.lives(stage.pid());
            stage.evidence.proof("pid", stage.pid()).proof("lives", lives).require(lives, "the child is dead");
            stage.expect(call, SessionClosed.class, EXECUTED);
        });
    }

    @Test
    void aGrandchildThatHoldsThePipeDelaysNothing() throws Exception {
        ROWS.play("pipe.grandchild-holds", stage -> {
            stage.spawnWarm();
            Asked call = stage.ask("grandchild");
            long grandchild = Long.parseLong(stage.awaitMark("grandchild").get("pid"));
            stage.awaitMark("handler");
            try {
                long killNanos = System.nanoTime();
                stage.kill();
                stage.settle(false);
                long tookNanos = call.settledNanos() - killNanos;
                boolean holds = Linux.lives(grandchild);
                stage.evidence.proof("grandchildLives", holds).require(holds, "the grandchild is dead");
                stage.evidence.time("crash to last failure, pipe held by a grandchild", tookNanos);
                stage.evidence.require(tookNanos < MAX_DRAIN_NANOS, "failed after ns=" + tookNanos);
                stage.proveSignal("SIGKILL");
                stage.expect(call, ChildDied.class, EXECUTED);
            } finally {
                Linux.signal("KILL", grandchild);
            }
        });
    }

    @Test
    void aChildThatNeverReadsHoldsUpNobody() throws Exception {
        ROWS.play("pipe.child-deaf", Rows.MANY_AT_ONCE, stage -> {
            stage.spawn("deaf");
            stage.warm();
            stage.go();
            // the last that is read, or the first that is not: it depends on where the child stood
            Asked last = stage.ask("echo", "fill", SOON);
            stage.awaitMark("deaf");
            List<Asked> calls = burst(stage);
            refuseNotes(stage);
            stage.awaitOutcomes();
            stage.evidence.require(
                    last.answer() != null || last.failure() instanceof DeadlinePassed,
                    "ended otherwise: " + last.failure());
            requireEnds(stage, calls);
            close(stage);
        });
    }

    @Test
    void aParentThatNeverReadsHoldsUpNobody() throws Exception {
        ROWS.play("pipe.parent-deaf", Rows.MANY_AT_ONCE, stage -> {
            stage.adoptWarm();
            stage.gate().shut();
            Asked flood = stage.ask("flood", "", SOON);
            stage.awaitMark("flooded");
            stage.awaitFullPipe();
            List<Asked> calls = burst(stage);
            stage.awaitOutcomes();
            stage.expect(flood, DeadlinePassed.class, MAYBE_EXECUTED);
            requireEnds(stage, calls);
            close(stage);
        });
    }

    @Test
    void twoSidesThatNeverReadHoldUpNobody() throws Exception {
        ROWS.play("pipe.both-deaf", Rows.MANY_AT_ONCE, stage -> {
            stage.adopt("deaf");
            stage.warm();
            stage.gate().shut();
            stage.go();
            Asked flood = stage.ask("flood", "", SOON);
            stage.awaitMark("flooded");
            stage.awaitFullPipe();
            List<Asked> calls = burst(stage);
            refuseNotes(stage);
            stage.awaitOutcomes();
            stage.expect(flood, DeadlinePassed.class, MAYBE_EXECUTED);
            requireEnds(stage, calls);
            close(stage);
        });
    }

    /** Asks for more than pipe and buffer hold. */
    private static List<Asked> burst(Stage stage) {
        long since = System.nanoTime();
        List<Asked> calls = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            calls.add(stage.ask("echo", "x".repeat(100_000), SOON));
        }
        long millis = (System.nanoTime() - since) / 1_000_000;
        stage.evidence.require(millis < 2_000, "asking blocked: ms=" + millis);
        return calls;
    }

    private static void refuseNotes(Stage stage) {
        int sent = 0;
        try {
            for (; sent < 1_000; sent++) {
                stage.session().notify(new Note(sent, "x".repeat(10_000)));
            }
            stage.evidence.violation("a buffer without bound");
        } catch (Rejected full) {
            stage.evidence.proof("notesUntilFull", sent);
            stage.evidence.require(full.reason() == Rejected.Reason.QUEUE_FULL, full.toString());
        }
    }

    private static void requireEnds(Stage stage, List<Asked> calls) {
        for (Asked call : calls) {
            if (call.failure() instanceof Rejected) {
                stage.expect(call, Rejected.class, NOT_EXECUTED);
            } else {
                stage.expect(call, DeadlinePassed.class, MAYBE_EXECUTED, NOT_EXECUTED);
            }
        }
    }

    private static void close(Stage stage) throws Exception {
        stage.evidence.time("close of a session whose pipe is full", stage.closeNanos(MAX_CLOSE_MILLIS));
        stage.proveExit();
    }
}
