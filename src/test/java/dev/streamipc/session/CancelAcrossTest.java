package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.LogMessage;
import dev.streamipc.message.Phase;
import dev.streamipc.process.Child;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cancel, deadline and progress between real processes. */
@Timeout(60)
class CancelAcrossTest {

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .closeLimit(Duration.ofSeconds(2))
            .build();
    private final BlockingQueue<String> stopped = new LinkedBlockingQueue<>();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        peer.close();
    }

    private IpcSession spawn(String drive) throws Exception {
        IpcSession session = peer.spawn(drive.equals("python") ? python() : java(drive));
        session.onMessage(LogMessage.class, log -> stopped.add(log.message()));
        return session;
    }

    private static Child java(String drive) {
        return Child.java(WorkingChild.class).arguments(drive);
    }

    private Child python() throws Exception {
        return Child.python(Files.writeString(folder.resolve("working.py"), """
                from streamipc import Session, message, LogMessage

                @message(name="Samples.Ask")
                class Ask: text: str
                @message(name="Samples.Answer")
                class Answer: text: str
                @message(name="Samples.Note")
                class Note: number: int

                session = Session.stdio()

                @session.on_request(Ask)
                def handle(ask, call):
                    call.progress(Note(1))
                    try:
                        while ask.text == "look": call.raise_if_cancelled()
                    except Exception as stopped:
                        session.notify(LogMessage(ask.text + ": " + type(stopped).__name__))
                        raise
                    return Answer(str(int(call.time_left() * 1000)))

                session.serve()
                """));
    }

    private static CallOptions whenWorking(CountDownLatch working) {
        return CallOptions.deadline(Duration.ofSeconds(30)).onProgress(Note.class, update -> working.countDown());
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @CsvSource({
        "start, look, CancellationException",
        "tick, look, CancellationException",
        "serve, look, CancellationException",
        "start, block, InterruptedException",
        "tick, block, InterruptedException",
        "serve, block, InterruptedException",
        "python, look, Cancelled"
    })
    void cancelOfTheFutureStopsTheHandlerInTheOtherProcess(String drive, String how, String stop) throws Exception {
        IpcSession session = spawn(drive);
        for (int i = 0; i < 3; i++) {
            CountDownLatch working = new CountDownLatch(1);
            CompletableFuture<Answer> call = session.request(new Ask(how), whenWorking(working));
            assertTrue(working.await(20, TimeUnit.SECONDS));

            assertTrue(call.cancel(true));

            assertEquals(how + ": " + stop, stopped.poll(20, TimeUnit.SECONDS));
        }
        assertTrue(Long.parseLong(session.call(new Ask("quick")).text()) <= 30_000);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @ValueSource(strings = {"serve", "start", "python"})
    void deadlineStopsTheHandlerInTheOtherProcessToo(String drive) throws Exception {
        IpcSession session = spawn(drive);
        session.call(new Ask("warm"));

        CompletableFuture<Answer> call = session.request(
                new Ask("look"), CallOptions.deadline(Duration.ofSeconds(1)).tellingStarted());

        Throwable failure = assertThrows(CompletionException.class, call::join).getCause();
        assertEquals(
                Phase.RUNNING, assertInstanceOf(DeadlinePassed.class, failure).phase());
        assertTrue(String.valueOf(stopped.poll(20, TimeUnit.SECONDS)).startsWith("look: Cancel"));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @ValueSource(strings = {"serve", "python"})
    void closeOfTheCallerStopsTheHandlerAndNeedsNoForce(String drive) throws Exception {
        IpcSession session = spawn(drive);
        CountDownLatch working = new CountDownLatch(1);
        session.request(new Ask("look"), whenWorking(working));
        assertTrue(working.await(20, TimeUnit.SECONDS));

        session.close();

        assertEquals(0, session.exited().join().exitCode().orElseThrow());
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @ValueSource(strings = {"serve", "start", "python"})
    void everyCallHearsItsOwnProgressAndNothingBehindItsOutcome(String drive) throws Exception {
        IpcSession session = spawn(drive);
        List<CompletableFuture<Answer>> calls = new ArrayList<>();
        List<List<Integer>> heard = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            List<Integer> own = new ArrayList<>();
            heard.add(own);
            calls.add(session.request(
                    new Ask("quick"),
                    CallOptions.DEFAULT.onProgress(
                            Note.class, update -> own.add(update.message().number()))));
        }

        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).join();
            assertEquals(List.of(1), heard.get(i));
        }
    }
}
