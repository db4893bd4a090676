package dev.streamipc.faults;

import static dev.streamipc.message.Certainty.EXECUTED;
import static dev.streamipc.message.Certainty.MAYBE_EXECUTED;

import dev.streamipc.channel.Eventually;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.ExitReport;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.CallOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Children that are stopped, that exit, or that use up what they have, inside a handler. */
class HarmTest {

    private static final CallOptions SOON = CallOptions.deadline(Duration.ofMillis(300));
    private static final long MAX_LATE_MILLIS = 1_500;
    private static final long MAX_CLOSE_MILLIS = 7_000;

    private static final Rows ROWS = new Rows(HarmTest.class);

    @Test
    void aStoppedChildLetsTheDeadlinePass() throws Exception {
        ROWS.play("stop.deadline", stage -> {
            stage.spawnWarm();
            stage.stop();
            long askNanos = System.nanoTime();
            Asked stuck = stage.ask("echo", "fill", SOON);
            Eventually.await("the deadline passes", stuck::isSettled);
            long millis = TimeUnit.NANOSECONDS.toMillis(stuck.settledNanos() - askNanos);
            stage.evidence.proof("pid", stage.pid()).proof("signal", "SIGSTOP");
            stage.evidence.require(millis >= 300 && millis < MAX_LATE_MILLIS, "deadline after ms=" + millis);
            stage.expect(stuck, DeadlinePassed.class, MAYBE_EXECUTED);
            Linux.signal("CONT", stage.pid());
            Asked after = stage.ask("echo");
            Eventually.await("the child goes on", after::isSettled);
            stage.expectAnswer(after);
        });
    }

    @Test
    void aStoppedChildDoesNotHoldUpClose() throws Exception {
        ROWS.play("stop.close", Rows.MANY_AT_ONCE, stage -> {
            stage.spawnWarm();
            Asked running = stage.ask("hold");
            stage.awaitMark("handler");
            stage.stop();
            stage.evidence.time("close of a session with a stopped child", stage.closeNanos(MAX_CLOSE_MILLIS));
            stage.proveSignal("SIGKILL");
            stage.expect(running, SessionClosed.class, EXECUTED, MAYBE_EXECUTED);
        });
    }

    @Test
    void exitWithZeroIsADeath() throws Exception {
        ROWS.play("exit.0", stage -> exits(stage, "halt-0", 0));
    }

    @Test
    void exitWithOneIsADeath() throws Exception {
        ROWS.play("exit.1", stage -> exits(stage, "halt-1", 1));
    }

    private static void exits(Stage stage, String how, int code) throws Exception {
        stage.spawnWarm();
        Asked call = stage.ask(how);
        stage.settle(false);
        requireCode(stage, code);
        stage.expect(call, ChildDied.class, stage.begun());
    }

    private static ExitReport requireCode(Stage stage, int code) throws Exception {
        ExitReport report = stage.proveExit();
        stage.evidence.require(report.exitCode().orElse(-1) == code, "exited otherwise: " + report.summary());
        return report;
    }

    @Test
    void systemExitInAHandlerEndsItsCall() throws Exception {
        ROWS.play("exit.system-exit", stage -> {
            stage.spawnWarm();
            Asked call = stage.ask("exit-3");
            stage.settle(false);
            requireCode(stage, 3);
            boolean isPython = stage.combo.child().equals("python");
            // Python raises SystemExit through the handler, and the caller still learns of it
            Class<? extends IpcFailure> type = isPython ? RemoteFailure.class : ChildDied.class;
            stage.expect(call, type, stage.begun());
        });
    }

    @Test
    void segvIsADeathWithItsSignal() throws Exception {
        ROWS.play("exit.segv", stage -> {
            stage.spawnWarm();
            Asked call = stage.ask("hold");
            stage.awaitMark("handler");
            Linux.signal("SEGV", stage.pid());
            stage.settle(false);
            // a JVM writes its crash report and then aborts
            stage.proveSignal(stage.combo.child().equals("python") ? "SIGSEGV" : "SIGABRT");
            stage.expect(call, ChildDied.class, stage.begun());
        });
    }

    @Test
    void fullMemoryFailsItsOwnCallAlone() throws Exception {
        ROWS.play("harm.memory", stage -> failsAlone(stage, "memory", "(java.lang.OutOfMemory|Memory)Error"));
    }

    @Test
    void fullStackFailsItsOwnCallAlone() throws Exception {
        ROWS.play("harm.stack", stage -> failsAlone(stage, "stack", "java.lang.StackOverflowError|RecursionError"));
    }

    private static void failsAlone(Stage stage, String how, String type) throws Exception {
        stage.spawnWarm("-Xmx32m");
        Asked call = stage.ask(how);
        Asked after = stage.ask("echo");
        stage.settle(false);
        stage.expect(call, RemoteFailure.class, EXECUTED);
        String thrown = call.failure() instanceof RemoteFailure remote ? remote.remoteType() : "nothing";
        stage.evidence.proof("pid", stage.pid()).proof("thrown", thrown);
        stage.evidence.require(thrown.matches(type), "thrown=" + thrown);
        stage.expectAnswer(after);
    }

    @Test
    void fullMemoryThatEndsTheChildIsADeath() throws Exception {
        ROWS.play("harm.memory-exit", stage -> {
            stage.spawnWarm("-Xmx32m", "-XX:+ExitOnOutOfMemoryError");
            Asked call = stage.ask("memory");
            stage.settle(false);
            requireCode(stage, 3);
            stage.expect(call, ChildDied.class, stage.begun());
        });
    }
}
