package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Rejected;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A child that does not read must not hold anybody up. */
@Timeout(60)
class StuckChildTest {

    private static final long QUICK_MILLIS = 2_000;

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .limits(Limits.DEFAULT.withMaxOutboundBytes(1 << 20))
            .closeLimit(Duration.ofMillis(300))
            .build();

    @AfterEach
    void close() {
        peer.close();
    }

    private static long millisOf(Runnable action) {
        long start = System.nanoTime();
        action.run();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private static IpcFailure failureOf(CompletableFuture<?> call) {
        CompletionException failed = assertThrows(CompletionException.class, call::join);
        return assertInstanceOf(IpcFailure.class, failed.getCause());
    }

    @Test
    void childThatNeverSaysHelloLetsCallsEndByTheirDeadline() throws Exception {
        Process process = new ProcessBuilder("sleep", "1000").start();
        IpcSession session = peer.createOwnedProcessSession(process);
        List<CompletableFuture<Answer>> calls = new ArrayList<>();

        long tookMillis = millisOf(() -> {
            for (int i = 0; i < 1_000; i++) {
                calls.add(session.request(new Ask("x".repeat(1_000)), CallOptions.deadline(Duration.ofMillis(300))));
            }
        });

        assertTrue(tookMillis < QUICK_MILLIS, "tookMillis=" + tookMillis);
        calls.forEach(
                call -> assertEquals(Certainty.NOT_EXECUTED, failureOf(call).certainty()));
    }

    @Test
    void noCallSaidToBeNotExecutedRunsOnceTheChildReadsAgain(@TempDir Path folder) throws Exception {
        Path ledger = folder.resolve("ledger");
        Process process = new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LedgerChild.class.getName(),
                        ledger.toString()))
                .start();
        IpcSession session = peer.createOwnedProcessSession(process);
        session.call(new Ask("warm"));
        signal(process, "STOP");
        Eventually.await("each thread of the child stands still", () -> isStopped(process.pid()));
        List<CompletableFuture<Answer>> calls = new ArrayList<>();

        long tookMillis = millisOf(() -> {
            for (int i = 0; i < 3_000; i++) {
                String text = i + ":" + "x".repeat(1_000);
                calls.add(session.request(new Ask(text), CallOptions.deadline(Duration.ofMillis(500))));
            }
        });
        long notifyMillis = millisOf(() -> assertThrows(Rejected.class, () -> {
            for (int i = 0; i < 100_000; i++) {
                session.notify(new Note(i));
            }
        }));
        Set<String> notExecuted = new HashSet<>();
        for (int i = 0; i < calls.size(); i++) {
            IpcFailure failure = failureOf(calls.get(i));
            assertTrue(failure instanceof DeadlinePassed || failure instanceof Rejected, failure.toString());
            if (failure.certainty() == Certainty.NOT_EXECUTED) {
                notExecuted.add(Integer.toString(i));
            }
        }
        signal(process, "CONT");
        session.flush(Duration.ofSeconds(20));
        session.call(new Ask("last"));

        List<String> executed = Files.readAllLines(ledger);
        assertTrue(tookMillis < QUICK_MILLIS, "tookMillis=" + tookMillis);
        assertTrue(notifyMillis < QUICK_MILLIS, "notifyMillis=" + notifyMillis);
        assertTrue(!notExecuted.isEmpty() && notExecuted.size() < calls.size(), "notExecuted=" + notExecuted.size());
        assertTrue(executed.contains("warm") && executed.contains("last"));
        executed.forEach(name -> assertTrue(!notExecuted.contains(name), name));
    }

    /** The signal is sent at once, and each thread stops when it next comes by. */
    private static boolean isStopped(long pid) throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        }
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor());
    }
}
