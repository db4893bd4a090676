package dev.streamipc.sample;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.Certainty;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.ExitReport;
import dev.streamipc.message.LogMessage;
import dev.streamipc.message.Message;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.Request;
import dev.streamipc.message.Undecodable;
import dev.streamipc.process.Child;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A child that was written from the protocol's text alone keeps the promises of any other. */
@Timeout(60)
class NodeChildTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    record Ask(String what, long number) implements Request<Answer> {}

    record Answer(String what, long number) implements Message {}

    record Odd(String what) implements Request<Answer> {}

    record Unheard(String what) implements Request<Answer> {}

    record TaskRequest(String job) implements Request<TaskResponse> {}

    record TaskResponse(String result) implements Message {}

    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final BlockingQueue<Progress<LogMessage>> steps = new LinkedBlockingQueue<>();
    private IpcPeer peer;
    private IpcSession node;

    @BeforeAll
    static void needsNode() throws Exception {
        NodeProgram.require();
    }

    @BeforeEach
    void spawn() {
        peer = IpcPeer.builder()
                .messages(Ask.class, Odd.class, Unheard.class, TaskRequest.class)
                .serializers(new JsonMessageSerializer())
                .deadline(LIMIT)
                .build();
        node = peer.spawn(Child.command(NodeProgram.NAME, "src/test/resources/node/probe.js"));
        node.onMessage(LogMessage.class, log -> said.add(log.message()));
    }

    @AfterEach
    void close() {
        peer.close();
    }

    @Test
    void answersExactlyAlsoBeyondTheNumbersOfJavaScript() {
        assertEquals(new Answer("grüße 🙂", Long.MAX_VALUE), node.call(new Ask("grüße 🙂", Long.MAX_VALUE - 1)));
    }

    @Test
    void theProgramOfItsReadmeAnswers() throws Exception {
        Path home = Path.of("samples/node-child");
        String readme = Files.readString(home.resolve("README.md"));
        String program = readme.substring(readme.indexOf("```js\n") + 6, readme.indexOf("```\n\nA Java parent"))
                .replace("message('Task", "message('NodeChildTest.Task");

        IpcSession child =
                peer.spawn(Child.command(NodeProgram.NAME, "-e", program).directory(home));

        assertEquals(new TaskResponse("TASK"), child.call(new TaskRequest("task")));
    }

    @Test
    void whatItPrintsIsNoPartOfTheStream() {
        assertEquals(new Answer("print", 2), node.call(new Ask("print", 1)));
        assertEquals(0, node.stats().in().junkBytes());
    }

    @Test
    void cancelReachesTheHandler() throws Exception {
        CompletableFuture<Answer> call = node.request(new Ask("wait", 1));
        assertEquals("waiting", said.poll(20, SECONDS));

        call.cancel(true);

        assertTrue(said.poll(20, SECONDS).startsWith("told: "));
        assertEquals(new Answer("next", 3), node.call(new Ask("next", 2)));
    }

    @Test
    void deadlineReachesTheHandler() throws Exception {
        assertThrows(
                DeadlinePassed.class,
                () -> node.call(new Ask("wait", 1), CallOptions.deadline(Duration.ofMillis(300))));

        assertEquals("waiting", said.poll(20, SECONDS));
        assertTrue(said.poll(20, SECONDS).startsWith("told: "));
    }

    @Test
    void startedIsToldSoThatADeathLeavesNoDoubt() throws Exception {
        CompletableFuture<Answer> call = node.request(new Ask("wait", 1), CallOptions.DEFAULT.tellingStarted());
        assertEquals("waiting", said.poll(20, SECONDS));

        node.process().orElseThrow().destroyForcibly();

        ExecutionException failure = assertThrows(ExecutionException.class, () -> call.get(20, SECONDS));
        assertEquals(
                Certainty.EXECUTED,
                assertInstanceOf(ChildDied.class, failure.getCause()).certainty());
    }

    @Test
    void pingIsAnsweredWhileAHandlerWaits() throws Exception {
        node.request(new Ask("wait", 1));
        assertEquals("waiting", said.poll(20, SECONDS));

        node.ping(LIMIT).get(20, SECONDS);

        assertEquals(new Answer("next", 3), node.call(new Ask("next", 2)));
    }

    @Test
    void progressComesInOrderBeforeTheAnswer() {
        node.call(new Ask("progress", 1), CallOptions.DEFAULT.onProgress(LogMessage.class, steps::add));

        assertEquals(
                List.of("step 0", "step 1", "step 2"),
                steps.stream().map(step -> step.message().message()).toList());
    }

    @Test
    void progressThatFindsNoRoomIsCountedAndTheLatestArrives() {
        node.call(new Ask("flood", 1), CallOptions.DEFAULT.onProgress(LogMessage.class, steps::add));

        List<Progress<LogMessage>> all = List.copyOf(steps);
        long skipped = all.stream().mapToLong(Progress::skipped).sum();
        assertEquals(100, all.size() + skipped);
        assertTrue(skipped > 0);
        assertTrue(all.get(all.size() - 1).message().message().startsWith("99 "));
    }

    @Test
    void whatAHandlerThrowsArrives() {
        RemoteFailure failure = assertThrows(RemoteFailure.class, () -> node.call(new Ask("fail", 1)));

        assertEquals("RangeError", failure.remoteType());
        assertEquals("out of bounds", failure.remoteMessage());
        assertTrue(failure.remoteStack().contains("probe.js"), failure::remoteStack);
    }

    @Test
    void functionsAreCalledByName() {
        List<Object> values = Arrays.asList("a", 1.5, true, null, List.of(1), Map.of("b", 2));

        assertEquals((1L << 60) + 1, node.call("add", long.class, 1L << 60, 1));
        assertEquals(values, node.call("echo", List.class, values.toArray()));
        assertNull(node.call("nothing", String.class));
        assertThrows(RemoteFailure.class, () -> node.call("refuse", Void.class));
        Rejected unknown = assertThrows(Rejected.class, () -> node.call("hidden", Void.class));
        assertEquals(Rejected.Reason.UNHANDLED, unknown.reason());
        assertThrows(Undecodable.class, () -> node.call("add", String.class, 1, 2));
    }

    @Test
    void badMessagesFailTheirCallOnlyAndAreNamed() {
        Undecodable argument = assertThrows(Undecodable.class, () -> node.call(new Odd("text")));
        Undecodable large = assertThrows(Undecodable.class, () -> node.call(new Ask("tooLarge", 1)));
        Undecodable fraction = assertThrows(Undecodable.class, () -> node.call(new Ask("fraction", 1)));
        Rejected unheard = assertThrows(Rejected.class, () -> node.call(new Unheard("x")));
        node.notify(new Ask("a handler of it throws", 1));

        assertEquals(Undecodable.Subject.ARGUMENT, argument.subject());
        assertTrue(argument.getMessage().contains("field what: expected integer of 32 bits, found string"));
        assertEquals(Undecodable.Subject.ANSWER, large.subject());
        assertEquals(Undecodable.Subject.ANSWER, fraction.subject());
        assertEquals(Rejected.Reason.UNHANDLED, unheard.reason());
        assertEquals(new Answer("next", 3), node.call(new Ask("next", 2)));
    }

    @Test
    void interruptIsLeftToTheParentAndGoodbyeEndsItWell() throws Exception {
        ProcFiles.signal("INT", node.process().orElseThrow());
        assertEquals(new Answer("next", 3), node.call(new Ask("next", 2)));

        node.close();

        ExitReport exit = node.exited().get(20, SECONDS);
        assertEquals(0, exit.exitCode().orElse(-1), exit::summary);
    }

    @Test
    void goodbyeReachesAHandlerThatWaits() throws Exception {
        node.request(new Ask("wait", 1));
        assertEquals("waiting", said.poll(20, SECONDS));

        node.close();

        ExitReport exit = node.exited().get(20, SECONDS);
        assertEquals(0, exit.exitCode().orElse(-1), exit::summary);
    }
}
