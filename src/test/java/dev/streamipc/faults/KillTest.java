package dev.streamipc.faults;

import static dev.streamipc.message.Certainty.EXECUTED;
import static dev.streamipc.message.Certainty.MAYBE_EXECUTED;
import static dev.streamipc.message.Certainty.NOT_EXECUTED;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.RingTap;
import dev.streamipc.faults.Calls.Note;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.StartFailed;
import dev.streamipc.session.CallOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Children that are killed with SIGKILL while they stand at a point between start and answer. */
class KillTest {

    /** More than a pipe or a socket holds, less than what may wait. */
    private static final String LARGE = "x".repeat(3 << 20);

    private static final Rows ROWS = new Rows(KillTest.class);

    @Test
    void beforeHello() throws Exception {
        ROWS.play("kill.before-hello", stage -> {
            // over memory the peer starts the child itself, and waits for it
            if (stage.isOdd() || stage.combo.isOverMemory()) {
                killWhileSpawning(stage);
                return;
            }
            stage.adopt("before-hello");
            List<Asked> calls = asks(stage, 3);
            stage.awaitMark("before-hello");
            stage.kill();
            stage.settle(true);
            stage.proveSignal("SIGKILL");
            calls.forEach(call -> stage.expect(call, ChildDied.class, NOT_EXECUTED));
        });
    }

    private static void killWhileSpawning(Stage stage) throws Exception {
        FutureTask<Object> spawn = new FutureTask<>(() -> stage.spawn("before-hello"));
        Thread thread = new Thread(spawn, "faults-spawn");
        thread.start();
        long pid = Long.parseLong(stage.awaitMark("before-hello").get("pid"));
        long killNanos = System.nanoTime();
        stage.kill(pid);
        try {
            spawn.get();
            stage.evidence.violation("a child that never said hello was spawned");
        } catch (ExecutionException failed) {
            StartFailed start = (StartFailed) failed.getCause();
            stage.evidence.lastOutcomeNanos(System.nanoTime() - killNanos).failed(start);
            String signal = start.report().flatMap(report -> report.signal()).orElse("none");
            stage.evidence.proof("pid", pid).proof("signal", signal);
            stage.evidence.require(signal.equals("SIGKILL"), "reported otherwise: " + start);
        }
    }

    @Test
    void betweenHelloAndReady() throws Exception {
        ROWS.play("kill.before-ready", stage -> {
            stage.spawn("before-ready");
            List<Asked> calls = asks(stage, 3);
            stage.awaitMark("before-ready");
            stage.kill();
            stage.settle(true);
            stage.proveSignal("SIGKILL");
            calls.forEach(call -> stage.expect(call, ChildDied.class, NOT_EXECUTED));
        });
    }

    @Test
    void idle() throws Exception {
        ROWS.play("kill.idle", stage -> {
            stage.spawnWarm();
            Eventually.await("the child sleeps", () -> Linux.state(stage.pid()) == 'S');
            stage.evidence.proof("phase", "idle").proof("state", "S");
            stage.kill();
            Eventually.await("the session ends", () -> stage.session().isClosed());
            Asked late = stage.ask("late");
            stage.settle(false);
            stage.proveSignal("SIGKILL");
            stage.expect(late, ChildDied.class, NOT_EXECUTED);
        });
    }

    @Test
    void halfARequestWritten() throws Exception {
        ROWS.play("kill.request-half-written", stage -> {
            stage.spawnWarm();
            stage.stop();
            Asked large = stage.ask("echo", LARGE, Stage.TELLING);
            stage.awaitBlockedWriter();
            Asked behind = stage.ask("echo");
            stage.kill();
            stage.settle(true);
            stage.proveSignal("SIGKILL");
            // in chunks it is known that the last one has not left
            stage.expect(large, ChildDied.class, NOT_EXECUTED);
            stage.expect(behind, ChildDied.class, NOT_EXECUTED);
        });
    }

    @Test
    void halfAnAttachmentWritten() throws Exception {
        ROWS.play("kill.attachment-half-written", stage -> {
            stage.spawnWarm();
            Asked whole = stage.cargo(LARGE.length());
            Eventually.await("attachments are taken", whole::isSettled);
            stage.stop();
            Asked half = stage.cargo(LARGE.length());
            stage.awaitBlockedWriter();
            stage.kill();
            stage.settle(true);
            stage.proveSignal("SIGKILL");
            stage.expectAnswer(whole);
            stage.expect(half, ChildDied.class, NOT_EXECUTED);
        });
    }

    @Test
    void requestReadButNotStarted() throws Exception {
        ROWS.play("kill.request-unstarted", stage -> {
            stage.spawn("await-go");
            stage.awaitMark("await-go");
            // both wait for READY and leave in one write, so that they are read together
            Asked running = stage.ask("hold");
            Asked waiting = stage.ask("echo");
            stage.go();
            String inStdin = stage.awaitMark("handler").get("unreadBytes");
            String unread = stage.combo.isOverMemory()
                    ? Integer.toString(stage.tap().unreadBytes(RingTap.Way.OUTGOING))
                    : inStdin;
            stage.evidence.proof("unreadBytes", unread);
            stage.evidence.require(unread.equals("0"), "the second request was not read");
            stage.kill();
            stage.settle(true);
            stage.proveSignal("SIGKILL");
            stage.expect(running, ChildDied.class, EXECUTED);
            stage.expect(waiting, ChildDied.class, MAYBE_EXECUTED);
        });
    }

    @Test
    void handlerRunning() throws Exception {
        ROWS.play("kill.handler-running", stage -> {
            stage.spawnWarm();
            Asked running = stage.ask("hold", "", stage.isOdd() ? Stage.TELLING : CallOptions.DEFAULT);
            stage.awaitMark("handler");
            Asked behind = stage.ask("echo");
            stage.kill();
            stage.settle(true);
            stage.proveSignal("SIGKILL");
            stage.expect(running, ChildDied.class, stage.isOdd() ? stage.begun() : new Certainty[] {MAYBE_EXECUTED});
            stage.expect(behind, ChildDied.class, MAYBE_EXECUTED);
        });
    }

    @Test
    void progressSent() throws Exception {
        ROWS.play("kill.progress-sent", stage -> {
            stage.spawnWarm();
            AtomicInteger updates = new AtomicInteger();
            Asked running = stage.ask(
                    "progress", "", CallOptions.DEFAULT.onProgress(Note.class, progress -> updates.incrementAndGet()));
            stage.awaitMark("progressed");
            Eventually.await("progress has come in", () -> updates.get() == 1);
            stage.evidence.proof("updates", updates.get());
            stage.kill();
            stage.settle(true);
            stage.proveSignal("SIGKILL");
            // an update proves, as STARTED would, that the handler was entered
            stage.expect(running, ChildDied.class, EXECUTED);
            stage.evidence.require(updates.get() == 1, "updates behind the outcome: " + updates);
        });
    }

    @Test
    void inTheMidstOfAStream() throws Exception {
        ROWS.play("kill.stream", stage -> {
            stage.spawnWarm();
            List<Integer> taken = new CopyOnWriteArrayList<>();
            Asked stream = stage.stream(note -> taken.add(note.number()));
            stage.awaitMark("streamed");
            Eventually.await("the parts have come in", () -> taken.size() == FaultChild.STREAMED_PARTS);
            stage.evidence.proof("parts", taken.size());
            stage.kill();
            stage.settle(true);
            stage.proveSignal("SIGKILL");
            // a part proves, as STARTED would, that the handler was entered
            stage.expect(stream, ChildDied.class, EXECUTED);
            List<Integer> expected =
                    IntStream.range(0, FaultChild.STREAMED_PARTS).boxed().toList();
            stage.evidence.require(taken.equals(expected), "parts lost or behind the outcome: " + taken);
        });
    }

    @Test
    void inTheMidstOfAnUpload() throws Exception {
        ROWS.play("kill.upload", stage -> {
            stage.spawnWarm();
            Asked upload = stage.upload();
            stage.awaitMark("taken");
            stage.kill();
            stage.settle(true);
            stage.proveSignal("SIGKILL");
            stage.expect(upload, ChildDied.class, stage.begun());
        });
    }

    @Test
    void amidQuickCalls() throws Exception {
        ROWS.play("kill.quick-calls", stage -> {
            stage.spawnWarm();
            int calls = 1 + stage.number * 37 % 400;
            CountDownLatch made = new CountDownLatch(calls);
            Thread killer = new Thread(() -> {
                awaitUninterruptibly(made);
                stage.kill();
            });
            killer.start();
            Asked last = stage.call("echo");
            for (; last.answer() != null; last = stage.call("echo")) {
                made.countDown();
            }
            killer.join();
            stage.settle(false);
            stage.evidence.proof("callsBefore", calls);
            stage.proveSignal("SIGKILL");
            stage.expect(last, ChildDied.class, EXECUTED, MAYBE_EXECUTED, NOT_EXECUTED);
        });
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void withAFullPipe() throws Exception {
        ROWS.play("kill.full-pipe", stage -> {
            if (stage.isOdd()) {
                fullTowardsTheChild(stage);
            } else {
                fullTowardsTheParent(stage);
            }
        });
    }

    private static void fullTowardsTheChild(Stage stage) throws Exception {
        stage.spawnWarm();
        stage.stop();
        List<Asked> calls = IntStream.range(0, 500)
                .mapToObj(each -> stage.ask("echo", "x".repeat(1_000), Stage.TELLING))
                .toList();
        stage.awaitBlockedWriter();
        Asked last = stage.ask("echo");
        stage.kill();
        stage.settle(true);
        stage.proveSignal("SIGKILL");
        calls.forEach(call -> stage.expect(call, ChildDied.class, MAYBE_EXECUTED, NOT_EXECUTED));
        stage.expect(calls.get(0), ChildDied.class, MAYBE_EXECUTED);
        stage.expect(last, ChildDied.class, NOT_EXECUTED);
    }

    private static void fullTowardsTheParent(Stage stage) throws Exception {
        stage.adoptWarm();
        stage.gate().shut();
        Asked flood = stage.ask("flood");
        stage.awaitFullPipe();
        stage.kill();
        stage.gate().open();
        stage.settle(true);
        stage.proveSignal("SIGKILL");
        stage.expect(flood, ChildDied.class, EXECUTED, MAYBE_EXECUTED);
    }

    private static List<Asked> asks(Stage stage, int count) {
        return IntStream.range(0, count).mapToObj(each -> stage.ask("echo")).toList();
    }
}
