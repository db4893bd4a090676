package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Role;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Half a frame and then the end, or nothing more: every call ends, quickly or by its deadline, and nothing spins. */
@Timeout(120)
class CutFramesTest {

    private static final Matrix MATRIX = Matrix.of(CutFramesTest.class);
    private static final int CALLS = 3;
    private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int TRIES = 5;
    /** Reader or pump, on a channel that may carry junk or on one that may not. */
    private static final int STYLES = 4;

    private static long worstNanos;

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void everyCallFailsAtOnceWhereverTheFrameIsCut(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        worstNanos = 0;
        MATRIX.runAtOnce("cut.then-end", combo, evidence -> {
            int run = 0;
            for (WireFrames.Sample frame : WireFrames.of(combo)) {
                for (int cut = 0; cut < frame.bytes().length; cut++) {
                    run += cutAt(combo, frame, cut, evidence);
                }
            }
            evidence.proof("cuts", run).proof("worstMs", worstNanos / 1_000_000.0);
            assertEquals(Plan.row("cut.then-end").cases(Profile.current()), run, "cuts");
        });
        MATRIX.figure("half a frame to last failure, max, " + combo.label(), worstNanos / 1_000_000.0, "ms");
        MATRIX.after("cut.then-end", before.left());
    }

    /** With every build each byte meets two of the styles, one with each serializer; at night all. */
    private static int cutAt(Combo combo, WireFrames.Sample frame, int cut, Evidence evidence) throws Exception {
        int first = combo == Combo.KRYO_FAKE ? cut : cut + 2;
        int styles = Profile.current() == Profile.NIGHT ? STYLES : 1;
        for (int style = first; style < first + styles; style++) {
            long tookNanos = Long.MAX_VALUE;
            for (int i = 0; i < TRIES && tookNanos > LIMIT_NANOS; i++) {
                tookNanos = Math.min(tookNanos, cut(combo, frame, cut, style % STYLES, evidence));
            }
            worstNanos = Math.max(worstNanos, tookNanos);
            evidence.require(tookNanos <= LIMIT_NANOS, frame.kind() + " cut at " + cut + ": tookNanos=" + tookNanos);
        }
        return styles;
    }

    private static long cut(Combo combo, WireFrames.Sample frame, int cut, int style, Evidence evidence)
            throws Exception {
        try (IpcPeer peer = peer(combo, Duration.ofSeconds(20))) {
            MemoryChannel.Pair pair = MemoryChannel.pair(1 << 12, style < 2);
            IpcSession session = peer.createSession(pair.left(), Role.PARENT);
            WireSide other = WireSide.on(pair.right(), Role.CHILD, Talk.serializer(combo));
            List<CompletableFuture<Talk.Answer>> calls = begun(session, other, frame.kind(), style % 2 == 0);
            other.raw(Arrays.copyOf(frame.bytes(), cut));
            long startNanos = System.nanoTime();
            other.close();
            for (CompletableFuture<Talk.Answer> call : calls) {
                IpcFailure failure = Outcomes.failureOf(call, evidence);
                boolean sent = frame.kind() != Kind.HELLO && frame.kind() != Kind.READY;
                evidence.require(
                        failure.certainty() == (sent ? Certainty.MAYBE_EXECUTED : Certainty.NOT_EXECUTED),
                        frame.kind() + " cut at " + cut + ": " + failure);
            }
            long tookNanos = System.nanoTime() - startNanos;
            evidence.require(session.awaitClosed(Duration.ofSeconds(10)), "not closed");
            return tookNanos;
        }
    }

    private static IpcPeer peer(Combo combo, Duration deadline) {
        return IpcPeer.builder()
                .messages(Talk.ALL)
                .serializers(Talk.serializer(combo))
                .deadline(deadline)
                .closeLimit(Duration.ofMillis(200))
                .build();
    }

    /** Opens the session as far as the frame needs, and asks. */
    private static List<CompletableFuture<Talk.Answer>> begun(
            IpcSession session, WireSide other, Kind next, boolean pump) throws Exception {
        Sessions.drive(session, pump);
        other.await(Kind.READY);
        if (next != Kind.HELLO) {
            other.hello();
        }
        if (next != Kind.HELLO && next != Kind.READY) {
            other.ready();
        }
        List<CompletableFuture<Talk.Answer>> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            calls.add(session.request(new Talk.Ask("ask " + i), CallOptions.DEFAULT.tellingStarted()));
        }
        for (int i = 0; i < CALLS && next != Kind.HELLO && next != Kind.READY; i++) {
            other.await(Kind.REQUEST);
        }
        return calls;
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void halfAFrameThatGoesNowhereCostsNoTimeOfAThread(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        MATRIX.runAtOnce("cut.then-nothing", combo, evidence -> {
            int run = 0;
            List<CompletableFuture<Talk.Answer>> calls = new ArrayList<>();
            List<AutoCloseable> ends = new ArrayList<>();
            for (WireFrames.Sample frame : WireFrames.afterOpening(combo)) {
                for (int cut : new int[] {1, 12, frame.bytes().length - 1}) {
                    calls.addAll(held(combo, frame.bytes(), cut, run++, ends));
                }
            }
            long startNanos = System.nanoTime();
            long startCpuNanos = cpuNanos(threads);
            for (CompletableFuture<Talk.Answer> call : calls) {
                IpcFailure failure = Outcomes.failureOf(call, evidence);
                evidence.require(
                        failure instanceof DeadlinePassed passed && passed.phase() == Phase.SENT,
                        "not late: " + failure);
            }
            long percent = 100 * (cpuNanos(threads) - startCpuNanos) / (System.nanoTime() - startNanos);
            evidence.proof("halves", run).proof("cpuPercentOfAllReaders", percent);
            evidence.require(percent < 20, "threads that wait for the rest of a frame spin: cpuPercent=" + percent);
            assertEquals(Plan.row("cut.then-nothing").cases(Profile.current()), run, "halves");
            for (AutoCloseable end : ends) {
                end.close();
            }
        });
        MATRIX.after("cut.then-nothing", before.left());
    }

    private static List<CompletableFuture<Talk.Answer>> held(
            Combo combo, byte[] frame, int cut, int number, List<AutoCloseable> ends) throws Exception {
        IpcPeer peer = peer(combo, Duration.ofSeconds(1));
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 12, number % 4 < 2);
        IpcSession session = peer.createSession(pair.left(), Role.PARENT);
        WireSide other = WireSide.on(pair.right(), Role.CHILD, Talk.serializer(combo));
        ends.add(other);
        ends.add(peer);
        List<CompletableFuture<Talk.Answer>> calls = begun(session, other, Kind.VOID, number % 2 == 0);
        other.raw(Arrays.copyOf(frame, cut));
        return calls;
    }

    /** Of all threads that read, and of the timer. */
    private static long cpuNanos(ThreadMXBean threads) {
        long sum = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().matches("streamipc-(reader-.*|timer)|test-pump")) {
                sum += Math.max(0, threads.getThreadCpuTime(thread.getId()));
            }
        }
        return sum;
    }
}
