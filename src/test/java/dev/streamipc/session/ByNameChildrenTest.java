package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.Attachment;
import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.LogMessage;
import dev.streamipc.message.NDArray;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.Undecodable;
import dev.streamipc.process.Child;
import dev.streamipc.session.ByNameSides.Colour;
import dev.streamipc.session.ByNameSides.Holder;
import dev.streamipc.session.ByNameSides.Thumbnail;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Functions by name with real children: Java and Java, Java and Python, Python and Java. */
@Timeout(120)
class ByNameChildrenTest {

    private static final String CHILD = """
            import datetime, enum, typing, uuid
            from streamipc import Attachment, LogMessage, NDArray, RequestContext, Session, function, message

            class Colour(enum.Enum):
                RED = 1
                BLUE = 2

            @message(name="ByNameSides.Thumbnail")
            class Thumbnail:
                path: str
                width: int
                colour: typing.Optional[Colour]

            @function
            def resize(path: str, scale: float = 1.0) -> Thumbnail:
                return Thumbnail(path, int(100 * scale), Colour.BLUE)

            @function(name="total")
            def add(numbers: typing.List[int]) -> int:
                return sum(numbers)

            @function
            def nothing():
                pass

            @function
            def fail(why: str):
                raise KeyError(why)

            @function
            def told(word: str, context: RequestContext) -> str:
                context.progress(LogMessage(word))
                return word + str(context.time_left() is None)

            session = Session.stdio()

            @session.function
            def kinds(*values):
                return [type(value).__name__ for value in values]

            @session.function(name="typed")
            def typed(at: datetime.datetime, long: datetime.timedelta, key: uuid.UUID, raw: bytes, colour: Colour,
                      marks: typing.Dict[str, float], thumbnail: Thumbnail, data: Attachment, array: NDArray):
                assert isinstance(data, Attachment) and bytes(data) == b"123", data
                assert array.shape == [1] and len(array.data) == 4, array
                return [at, long, key, raw, colour, marks, thumbnail]

            @session.function
            def back(word: str) -> str:
                return session.call("shout", word, returns=str) + " was said"

            @session.function
            def size(data: Attachment) -> Attachment:
                return Attachment(bytes(data) + b"!")

            session.serve()
            """;

    private static final String PARENT = """
            import datetime, os, sys, typing
            from streamipc import *

            @message(name="ByNameSides.Thumbnail")
            class Thumbnail:
                path: str
                width: int
                colour: typing.Optional[str]

            def failure(action):
                try:
                    action()
                except IpcFailure as error:
                    return error
                raise AssertionError("no failure")

            command = [sys.argv[1], "-Xmx256m", "-Xlog:disable", "-Xlog:all=warning:stderr", "-cp",
                       os.environ["CHILD_CLASS_PATH"], "dev.streamipc.session.FunctionsChild"]

            with Session.spawn(command, name="functions", start_timeout=60) as child:
                child.function(lambda word: word.upper() + "!", name="shout")
                child.serve_in_background()
                assert child.call("resize", "a.png", 0.5, returns=Thumbnail) == Thumbnail("a.png", 50, "BLUE")
                assert child.call("resize", "a.png", 1)["width"] == 100
                assert child.call("total", [1, 2, 3], returns=int) == 6
                assert child.call("nothing") is None
                assert child.call("width", Thumbnail("b", 7, None), timeout=20) == 7
                assert child.call("back", "hey", returns=str) == "HEY! was said"
                heard = []
                child.call("told", "hi", on_progress=lambda update: heard.append(update.message.message))
                assert heard == ["hi"], heard
                values = [None, True, 2 ** 80, 1.5, "ä", [1, [2]], {"a": {"b": None}}]
                assert child.call("echo", values) == values
                day = datetime.timedelta(days=1)
                assert child.call("echo", day, returns=datetime.timedelta) == day
                calls = [child.request("total", [number, 1], returns=int) for number in range(100)]
                assert [call.result() for call in calls] == list(range(1, 101))

                unknown = failure(lambda: child.call("hidden"))
                assert type(unknown) is Rejected and unknown.reason == "UNHANDLED", unknown
                assert "known=[back, echo, fail, nothing, resize, told, total, width]" in str(unknown), unknown
                thrown = failure(lambda: child.call("fail", "no"))
                assert thrown.remote_type == "java.lang.IllegalStateException" and thrown.remote_message == "no", thrown
                assert "Work.fail" in thrown.remote_stack, thrown.remote_stack
                unfit = failure(lambda: child.call("resize", "a", "half"))
                assert type(unfit) is Undecodable and "argument=arguments[1], expected=double" in str(unfit), unfit
                assert unfit.certainty is Certainty.NOT_EXECUTED
                few = failure(lambda: child.call("resize", "a"))
                assert "expected=2, found=1" in str(few), few
                value = failure(lambda: child.call("nothing", returns=int))
                assert type(value) is Undecodable and "value: expected integer, found null" in str(value), value
            print("all is well")
            """;

    private final IpcPeer peer =
            IpcPeer.builder().messages(Thumbnail.class, Holder.class).build();

    @AfterEach
    void close() {
        peer.close();
    }

    @Test
    void javaChildIsCalledByName() {
        IpcSession child = peer.spawn(Child.java(FunctionsChild.class));
        child.function("shout", call -> call.at(0, String.class) + "!");

        assertEquals(
                new Thumbnail("a.png", 50, Optional.of(Colour.BLUE)),
                child.call("resize", Thumbnail.class, "a.png", 0.5));
        assertEquals("hey! was said", child.call("back", String.class, "hey"));
        assertEquals(Instant.EPOCH, child.call("echo", Instant.class, Instant.EPOCH));
        assertThrows(Rejected.class, () -> child.call("hidden", Void.class));
    }

    private IpcSession python(Path folder) throws Exception {
        Path script = Files.writeString(folder.resolve("child.py"), CHILD);
        return peer.spawn(Child.python(script));
    }

    @Test
    void pythonChildIsCalledByName(@TempDir Path folder) throws Exception {
        IpcSession child = python(folder);
        child.function("shout", call -> call.at(0, String.class) + "!");
        List<String> heard = new ArrayList<>();
        CallOptions options = CallOptions.DEFAULT.onProgress(
                LogMessage.class, step -> heard.add(step.message().message()));

        assertEquals(
                new Thumbnail("a.png", 50, Optional.of(Colour.BLUE)),
                child.call("resize", Thumbnail.class, "a.png", 0.5));
        assertEquals(100, child.call("resize", Thumbnail.class, "a.png").width());
        assertEquals(6L, child.call("total", long.class, List.of(1, 2, 3)));
        assertEquals(
                BigInteger.ONE.shiftLeft(80),
                child.call("total", BigInteger.class, List.of(BigInteger.ONE.shiftLeft(80))));
        assertNull(child.call("nothing", String.class));
        assertEquals("hiFalse", child.call("told", String.class, options, "hi"));
        assertEquals(List.of("hi"), heard);
        assertEquals("hey! was said", child.call("back", String.class, "hey"));
        Attachment back = child.call("size", Attachment.class, Attachment.of(new byte[3]));
        assertEquals(4, back.lengthBytes());
    }

    @Test
    void valuesArriveInPythonAsTheyAreAnnotated(@TempDir Path folder) throws Exception {
        IpcSession child = python(folder);
        UUID key = new UUID(1, 2);
        Object[] values = {
            Instant.EPOCH,
            Duration.ofSeconds(1),
            key,
            new byte[] {1},
            Colour.RED,
            Map.of("a", 1.5),
            new Thumbnail("t", 1, Optional.empty()),
            Attachment.of("123".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
            new NDArray(Attachment.of(new byte[4]), "<f4", List.of(1), NDArray.Order.C)
        };

        List<?> typed = child.call("typed", List.class, values);
        FunctionCall back = new FunctionCall("", new ArrayList<>(typed));

        assertEquals("1970-01-01T00:00:00Z", back.at(0, String.class));
        assertEquals(
                List.of("PT1S", key.toString(), "AQ==", "RED"), back.arguments().subList(1, 5));
        assertEquals(Map.of("a", 1.5), back.arguments().get(5));
        assertEquals(
                List.of("str", "str", "NoneType", "float", "int", "bool", "list", "dict"),
                child.call(
                        "kinds",
                        List.class,
                        "a",
                        Instant.EPOCH,
                        null,
                        1.5,
                        1L << 40,
                        true,
                        Arrays.asList(1, null),
                        new Thumbnail("t", 1, Optional.empty())));
    }

    @Test
    void pythonChildRefusesWhatDoesNotFit(@TempDir Path folder) throws Exception {
        IpcSession child = python(folder);

        Rejected unknown = assertThrows(Rejected.class, () -> child.call("hidden", Void.class));
        assertEquals(Rejected.Reason.UNHANDLED, unknown.reason());
        assertText("function=hidden, known=[back, fail, kinds, nothing, resize, size, told, total, typed]", unknown);
        RemoteFailure raised = assertThrows(RemoteFailure.class, () -> child.call("fail", Void.class, "lost"));
        assertEquals("KeyError", raised.remoteType());
        assertEquals("'lost'", raised.remoteMessage());
        assertTrue(raised.remoteStack().contains("in fail"), raised.remoteStack());
        Undecodable unfit = assertThrows(Undecodable.class, () -> child.call("resize", Void.class, "a", "half"));
        assertEquals(Undecodable.Subject.ARGUMENT, unfit.subject());
        assertText("field arguments[1]: expected number, found text", unfit);
        assertText(
                "field arguments[0][1]: expected integer, found number 1.5",
                assertThrows(Undecodable.class, () -> child.call("total", Void.class, List.of(1, 1.5))));
        assertText(
                "expected argumentCount=1..2, found 0",
                assertThrows(Undecodable.class, () -> child.call("resize", Void.class)));
        assertText(
                "value does not fit: expected=int, found=object",
                assertThrows(Undecodable.class, () -> child.call("resize", int.class, "a")));
        assertEquals(100, child.call("resize", Thumbnail.class, "a").width());
    }

    private static void assertText(String expected, Throwable failure) {
        assertTrue(String.valueOf(failure.getMessage()).contains(expected), failure.getMessage());
    }

    @Test
    void pythonParentCallsAJavaChildByName(@TempDir Path folder) throws Exception {
        Path script = Files.writeString(folder.resolve("parent.py"), PARENT);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder command = new ProcessBuilder("python3", script.toString(), java.toString());
        command.environment()
                .put("PYTHONPATH", Path.of("python", "src").toAbsolutePath().toString());
        command.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        command.environment().put("CHILD_CLASS_PATH", System.getProperty("java.class.path"));
        Path output = folder.resolve("output");
        Process parent = command.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertTrue(parent.waitFor(90, TimeUnit.SECONDS), "the parent has not ended");
            assertEquals("all is well", Files.readString(output).strip().lines().reduce("", (one, last) -> last));
            assertEquals(0, parent.exitValue());
        } finally {
            parent.destroyForcibly();
        }
    }
}
