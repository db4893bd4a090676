package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.process.Child;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Blob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real children that are killed, or harm themselves, at bad moments, and what the parent hears of it. */
@Timeout(60)
class CrashTest {

    private static final long QUICK_MILLIS = 5_000;
    private static final CallOptions TELLING = CallOptions.DEFAULT.tellingStarted();

    @TempDir
    Path folder;

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .closeLimit(Duration.ofSeconds(1))
            .build();

    private Path ledger;

    @BeforeEach
    void name() {
        ledger = folder.resolve("ledger");
    }

    @AfterEach
    void close() {
        peer.close();
    }

    private IpcSession spawn(String drive) {
        IpcSession session =
                peer.spawn(Child.java(CrashChild.class).jvmOptions("-Xmx64m").arguments(drive, ledger.toString()));
        session.call(new Ask("warm"));
        return session;
    }

    private static ChildDied deathOf(CompletableFuture<?> call) {
        CompletionException failed = assertThrows(CompletionException.class, call::join);
        return assertInstanceOf(ChildDied.class, failed.getCause());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pump", "reader"})
    void killBehindHalfOfALargeRequestEndsEveryCall(String drive) throws Exception {
        IpcSession session = spawn(drive);
        ProcessHandle child = session.process().orElseThrow();
        String pid = Long.toString(child.pid());
        assertEquals(0, new ProcessBuilder("kill", "-STOP", pid).start().waitFor());
        CompletableFuture<?> large = session.request(new Blob(new byte[12 << 20]), TELLING);
        CompletableFuture<?> behind = session.request(new Ask("behind"), TELLING);
        long start = System.nanoTime();

        child.destroyForcibly();

        assertEquals("SIGKILL", deathOf(large).report().signal().orElseThrow());
        assertFalse(deathOf(large).certainty() == Certainty.EXECUTED);
        assertFalse(deathOf(behind).certainty() == Certainty.EXECUTED);
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue(tookMillis < QUICK_MILLIS, "tookMillis=" + tookMillis);
        assertEquals(List.of("warm"), Files.readAllLines(ledger));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pump", "reader"})
    void killAmidManyCallsTellsTheTruthOfEach(String drive) throws Exception {
        IpcSession session = spawn(drive);
        List<CompletableFuture<Answer>> calls = IntStream.range(0, 2_000)
                .mapToObj(number -> session.request(new Ask("call" + number), TELLING))
                .toList();
        Eventually.await(
                "a handler was entered", () -> Files.readAllLines(ledger).size() > 5);

        session.process().orElseThrow().destroyForcibly();

        CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                .handle((all, failure) -> "")
                .join();
        Set<String> entered = Set.copyOf(Files.readAllLines(ledger));
        for (int number = 0; number < calls.size(); number++) {
            CompletableFuture<Answer> call = calls.get(number);
            boolean wasEntered = entered.contains("call" + number);
            assertTrue(wasEntered || call.isCompletedExceptionally(), "answered, not entered: number=" + number);
            if (call.isCompletedExceptionally() && deathOf(call).certainty() == Certainty.NOT_EXECUTED) {
                assertFalse(wasEntered, "entered, but said to be not: number=" + number);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pump", "reader"})
    void fullMemoryAndFullStackFailTheirOwnCallsAlone(String drive) {
        IpcSession session = spawn(drive);

        RemoteFailure memory = assertThrows(RemoteFailure.class, () -> session.call(new Ask("memory")));
        RemoteFailure stack = assertThrows(RemoteFailure.class, () -> session.call(new Ask("stack")));

        assertEquals(OutOfMemoryError.class.getName(), memory.remoteType());
        assertEquals(StackOverflowError.class.getName(), stack.remoteType());
        assertEquals(new Answer("after"), session.call(new Ask("after")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pump", "reader"})
    void printsOntoTheStreamHarmNoAnswer(String drive) {
        IpcSession session = spawn(drive);
        CompletableFuture<?> large = session.request(new Blob(new byte[4 << 20]));

        assertEquals(new Answer("printed"), session.call(new Ask("print")));

        large.join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pump", "reader"})
    void exitInAHandlerIsADeathWithItsCode(String drive) {
        IpcSession session = spawn(drive);

        ChildDied died = deathOf(session.request(new Ask("exit")));

        assertEquals(0, died.report().exitCode().orElseThrow());
    }
}
