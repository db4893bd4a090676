package dev.streamipc.faults;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.RingTap;
import dev.streamipc.faults.Calls.Brought;
import dev.streamipc.faults.Calls.Cargo;
import dev.streamipc.faults.Calls.Done;
import dev.streamipc.faults.Calls.Flow;
import dev.streamipc.faults.Calls.Note;
import dev.streamipc.faults.Calls.Work;
import dev.streamipc.message.Attachment;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.ExitReport;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.process.Child;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Limits;
import dev.streamipc.session.PartStream;
import dev.streamipc.session.SessionStats;
import dev.streamipc.session.Upload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Where one case is played: a folder, a peer, a child and its calls; and what must hold of the calls behind it. Used by
 * one thread.
 */
final class Stage implements AutoCloseable {

    static final CallOptions TELLING = CallOptions.DEFAULT.tellingStarted();
    private static final int BLOCKED_LOOKS = 20;
    private static final int OFTEN = 20;
    private static final long OUTCOME_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    final Combo combo;
    final int number;
    final Evidence evidence;
    final Path folder;
    final IpcPeer peer;
    private final List<Asked> asked = new ArrayList<>();
    private IpcSession session;
    private Gate gate;
    private long faultNanos;

    Stage(Combo combo, int number, Evidence evidence) throws IOException {
        this.combo = combo;
        this.number = number;
        this.evidence = evidence;
        this.folder = Launchpad.caseFolder();
        IpcPeer.Builder builder = IpcPeer.builder()
                .messages(Calls.ALL)
                .serializers(Serializers.of(combo))
                .limits(Limits.DEFAULT.withMaxOutboundBytes(4 << 20))
                .closeLimit(Duration.ofSeconds(1));
        this.peer = (combo.isLowLatency() ? builder.lowLatency() : builder).build();
    }

    /** Every other case is played in another way. */
    boolean isOdd() {
        return number % 2 == 1;
    }

    IpcSession session() {
        return session;
    }

    Gate gate() {
        return gate;
    }

    /** Returns the shared memory below the session. */
    RingTap tap() {
        return RingTap.of(session);
    }

    long pid() {
        return session.process().orElseThrow().pid();
    }

    /** Starts a child through the peer; returns once it has said HELLO. */
    IpcSession spawn(String at, String... jvmOptions) {
        return spawn(combo.over(Launchpad.child(Launchpad.words(combo, folder, at, jvmOptions), folder)));
    }

    IpcSession spawn(Child child) {
        session = peer.spawn(child);
        return session;
    }

    /**
     * Starts a child by hand, whose stdout can be held back, and gives it to the peer; does not wait for its HELLO. Where it
     * talks over shared memory the peer starts it, and it is waited for.
     */
    IpcSession adopt(String at) throws IOException {
        if (combo.isOverMemory()) {
            spawn(at);
            gate = RingGate.before(tap());
            return session;
        }
        GatedProcess gated = new GatedProcess(
                Launchpad.builder(Launchpad.words(combo, folder, at), folder).start());
        gate = gated.gate();
        session = peer.createOwnedProcessSession(gated);
        return session;
    }

    /** Starts a child that is ready and has answered a call. */
    IpcSession spawnWarm(String... jvmOptions) throws Exception {
        spawn("", jvmOptions);
        return warm();
    }

    /** As {@link #spawnWarm}, with a stdout that can be held back. */
    IpcSession adoptWarm() throws Exception {
        adopt("");
        return warm();
    }

    IpcSession warm() throws Exception {
        // callers who come often are left the right to read
        for (int i = 0; i < (combo.isLowLatency() ? OFTEN : 1); i++) {
            Asked warm = ask("warm");
            Eventually.await("the child answers", warm::isSettled);
        }
        return session;
    }

    Asked ask(String how) {
        return ask(how, "fill", TELLING);
    }

    Asked ask(String how, String fill, CallOptions options) {
        int id = asked.size() + 1;
        return keep(new Asked(id, outcome(new Work(id, how, fill), options)));
    }

    /** Makes a call on this thread, which blocks for its outcome. */
    Asked call(String how) {
        Work work = new Work(asked.size() + 1, how, "fill");
        CompletableFuture<Done> outcome = new CompletableFuture<>();
        Callers.settle(outcome, () -> session.call(work, TELLING));
        return keep(new Asked(work.id(), outcome));
    }

    /** Where callers look for their answers, calls are made that block. */
    private <T extends Message> CompletableFuture<T> outcome(Request<T> request, CallOptions options) {
        return combo.isLowLatency() && asked.size() < Callers.MOST
                ? Callers.call(session, asked.size(), () -> session.call(request, options))
                : session.request(request, options);
    }

    /** Asks for a stream, and takes its parts on a thread of its own. */
    Asked stream(Consumer<Note> taker) {
        int id = asked.size() + 1;
        PartStream<Note> notes = session.stream(new Flow(id));
        CompletableFuture<Message> outcome = new CompletableFuture<>();
        beside(() -> {
            try {
                notes.forEach(taker);
                outcome.complete(new Done(id, "fill"));
            } catch (IpcFailure failure) {
                outcome.completeExceptionally(failure);
            }
        });
        return keep(new Asked(id, outcome));
    }

    /** Makes a call that brings a stream, and sends its parts on a thread of its own, for as long as somebody takes them. */
    Asked upload() {
        int id = asked.size() + 1;
        Upload<Note, Done> upload = session.upload(new Brought(id), TELLING);
        beside(() -> {
            int sent = 0;
            while (upload.send(new Note(sent, "x"))) {
                sent++;
            }
        });
        return keep(new Asked(id, upload.answer()));
    }

    private static void beside(Runnable work) {
        Thread thread = new Thread(work, "faults-stream");
        thread.setDaemon(true);
        thread.start();
    }

    /** Makes a call that brings raw bytes along. */
    Asked cargo(int bytes) {
        int id = asked.size() + 1;
        return keep(new Asked(id, outcome(new Cargo(id, Attachment.of(new byte[bytes])), TELLING)));
    }

    private Asked keep(Asked call) {
        asked.add(call);
        return call;
    }

    /** Waits for the child to stand at a point, and keeps the point as a proof. */
    Map<String, String> awaitMark(String point) throws Exception {
        Eventually.await(
                combo.label() + " stands at " + point,
                () -> Ledger.mark(folder, point).isPresent());
        Map<String, String> facts = Ledger.mark(folder, point).orElseThrow();
        evidence.proof("phase", point);
        return facts;
    }

    void go() throws IOException {
        Files.createFile(folder.resolve(Hook.GO));
    }

    /** Stops the child and proves it. */
    void stop() throws Exception {
        Linux.signal("STOP", pid());
        Eventually.await("the child is stopped", () -> Linux.state(pid()) == 'T');
        evidence.proof("state", "T");
    }

    /** Waits until the session's writer hangs in a full pipe. */
    void awaitBlockedWriter() throws Exception {
        String name = "streamipc-writer-" + session.name();
        int[] looks = {0};
        Eventually.await("the writer hangs in a write", () -> {
            looks[0] = isWriting(name) ? looks[0] + 1 : 0;
            return looks[0] >= BLOCKED_LOOKS;
        });
        evidence.proof("writer", "blocked");
    }

    private static boolean isWriting(String name) {
        for (Map.Entry<Thread, StackTraceElement[]> each :
                Thread.getAllStackTraces().entrySet()) {
            if (each.getKey().getName().equals(name)) {
                StackTraceElement[] stack = each.getValue();
                // a socket waits in a poll below its write
                return stack.length > 0
                        && stack[0].isNativeMethod()
                        && Arrays.stream(stack)
                                .anyMatch(frame -> frame.getMethodName().startsWith("write"));
            }
        }
        return false;
    }

    /** Waits until the child can write no more because nobody reads; returns the bytes in its pipe. */
    int awaitFullPipe() throws Exception {
        int[] seen = {0, 0};
        Eventually.await("the child's pipe is full", () -> {
            int bytes = gate.waiting();
            seen[1] = bytes >= 4_096 && bytes == seen[0] ? seen[1] + 1 : 0;
            seen[0] = bytes;
            return seen[1] >= 20;
        });
        evidence.proof("pipeBytes", seen[0]);
        return seen[0];
    }

    /** Kills the child, by force; from now on the outcomes are late. */
    void kill() {
        kill(pid());
    }

    void kill(long pid) {
        faultNanos = System.nanoTime();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    void faultIsNow() {
        faultNanos = System.nanoTime();
    }

    /** Waits for all outcomes; keeps the time to the last if nothing hindered it. */
    void settle(boolean timed) {
        awaitOutcomes();
        if (timed) {
            evidence.lastOutcomeNanos(lastOutcomeNanos());
        }
    }

    /** Returns the time from the kill to the last outcome. */
    long lastOutcomeNanos() {
        long last = asked.stream().mapToLong(Asked::settledNanos).max().orElse(faultNanos);
        return Math.max(0, last - faultNanos);
    }

    void awaitOutcomes() {
        long since = System.nanoTime();
        while (!asked.stream().allMatch(Asked::isSettled) && System.nanoTime() - since < OUTCOME_LIMIT_NANOS) {
            LockSupport.parkNanos(200_000);
        }
    }

    /** Keeps how the process ended, as a proof; fails unless it is this signal. */
    ExitReport proveSignal(String signal) throws Exception {
        ExitReport report = proveExit();
        evidence.proof("signal", report.signal().orElse("none"));
        evidence.require(report.signal().orElse("none").equals(signal), "ended otherwise: " + report.summary());
        return report;
    }

    ExitReport proveExit() throws Exception {
        ExitReport report = session.exited().get(OUTCOME_LIMIT_NANOS, TimeUnit.NANOSECONDS);
        evidence.proof("pid", report.pid()).proof("exitCode", report.exitCode().orElseThrow());
        return report;
    }

    /** Fails unless the call ended with this failure. */
    void expect(Asked call, Class<? extends IpcFailure> type, Certainty... oneOf) {
        IpcFailure failure = call.failure();
        boolean fits = type.isInstance(failure) && List.of(oneOf).contains(failure.certainty());
        evidence.require(
                fits,
                "call " + call.id + ": expected " + type.getSimpleName() + " " + List.of(oneOf) + ", was "
                        + (failure == null ? call.answer() : failure));
    }

    /** What is known of a call whose handler has just begun: a thread of its own writes to a socket, perhaps too late. */
    Certainty[] begun() {
        return combo.isOverSocket()
                ? new Certainty[] {Certainty.EXECUTED, Certainty.MAYBE_EXECUTED}
                : new Certainty[] {Certainty.EXECUTED};
    }

    void expectAnswer(Asked call) {
        evidence.require(call.answer() != null, "call " + call.id + ": no answer, but " + call.failure());
    }

    /** Closes the session, and returns how long that took. */
    long closeNanos(long limitMillis) {
        long since = System.nanoTime();
        session.close();
        long nanos = System.nanoTime() - since;
        evidence.require(nanos < TimeUnit.MILLISECONDS.toNanos(limitMillis), "close took ns=" + nanos);
        return nanos;
    }

    /** Ends the session; then every call is held against the ledger. */
    @Override
    public void close() throws IOException {
        if (gate != null) {
            gate.open();
        }
        peer.close();
        awaitOutcomes();
        Ledger ledger = Ledger.read(folder);
        asked.forEach(call -> check(call, ledger));
        checkCounts();
        Launchpad.delete(folder);
    }

    /** A future shows its first outcome alone; the session has counted each. */
    private void checkCounts() {
        if (session != null) {
            SessionStats.Calls calls = session.stats().calls();
            boolean once = calls.answered() + calls.failed() == asked.size() && calls.inFlight() == 0;
            evidence.require(once, "outcomes do not add up: calls=" + asked.size() + ", counted=" + calls);
        }
    }

    private void check(Asked call, Ledger ledger) {
        evidence.count("calls", 1);
        evidence.require(call.outcomes() == 1, "call " + call.id + ": outcomes=" + call.outcomes());
        evidence.require(ledger.begun().getOrDefault(call.id, 0) <= 1, "call " + call.id + ": ran twice");
        if (call.failure() != null) {
            checkFailed(call, ledger);
        } else if (call.answer() instanceof Done done) {
            evidence.answered();
            boolean ran = ledger.hasBegun(call.id) && ledger.hasEnded(call.id);
            evidence.require(ran, "call " + call.id + ": answered, but not run");
            boolean altered = done.id() != call.id || !isWhole(done.fill());
            evidence.count("altered answers accepted", altered ? 1 : 0);
            evidence.require(!altered, "call " + call.id + ": an altered answer");
        }
    }

    private static boolean isWhole(String fill) {
        return fill.equals("fill") || fill.chars().allMatch(each -> each == 'x');
    }

    private void checkFailed(Asked call, Ledger ledger) {
        evidence.failed(call.failure());
        boolean lie = call.failedWith(Certainty.NOT_EXECUTED) && ledger.hasBegun(call.id);
        evidence.count("false NOT_EXECUTED", lie ? 1 : 0);
        evidence.require(!lie, "call " + call.id + ": said to be not executed, but ran: " + call.failure());
    }
}
