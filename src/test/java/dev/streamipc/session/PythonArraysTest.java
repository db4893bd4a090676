package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.Message;
import dev.streamipc.message.MessageName;
import dev.streamipc.message.NDArray;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.Request;
import dev.streamipc.process.Child;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Arrays of numbers between Java and Python, with NumPy where the interpreter has it. */
@Timeout(60)
class PythonArraysTest {

    private static final int LARGE_BYTES = 64 << 20;
    private static final Limits LIMITS = Limits.DEFAULT.withMaxPayloadBytes(80 << 20);
    private static final String SCRIPT = """
            import typing
            from streamipc import NDArray, Session, message
            try:
                import numpy
                Array = numpy.ndarray
            except ImportError:
                Array = NDArray

            @message
            class Turn:
                grid: Array

            @message
            class Turned:
                grid: typing.Optional[Array]
                kind: str

            session = Session.stdio(max_payload_bytes=80 << 20)

            @session.on_request(Turn)
            def turn(request):
                grid = request.grid
                if list(grid.shape) == [2, 3] and Array is not NDArray:
                    assert grid[1, 0] == 4.0, grid
                    grid = grid.T
                elif list(grid.shape) == [2, 3]:
                    grid = NDArray(grid.data, grid.dtype, [3, 2], "F")
                if list(grid.shape) == [7]:
                    raise ValueError("seven")
                return Turned(grid, Array.__name__)

            session.serve()
            """;

    @MessageName("Turn")
    record Turn(NDArray grid) implements Request<Turned> {}

    @MessageName("Turned")
    record Turned(NDArray grid, String kind) implements Message {}

    @Test
    void arraysArriveWithTypeShapeAndOrder(@TempDir Path folder) throws IOException {
        try (IpcPeer peer = peer()) {
            IpcSession child = child(peer, folder);
            ByteBuffer numbers = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < 6; i++) {
                numbers.putFloat(4 * i, i + 1);
            }

            Turned turned = child.call(new Turn(NDArray.of(numbers, "<f4", 2, 3)));

            System.out.println("Arrays in Python were tested as: " + turned.kind());
            assertEquals(List.of(3, 2), turned.grid().shape());
            assertEquals(NDArray.Order.F, turned.grid().order());
            assertEquals(numbers.rewind(), turned.grid().data().buffer());
            assertEquals(6f, turned.grid().buffer().asFloatBuffer().get(5));
            NDArray seven = NDArray.of(ByteBuffer.allocate(7), "|u1", 7);
            assertTrue(assertThrows(RemoteFailure.class, () -> child.call(new Turn(seven)))
                    .getMessage()
                    .contains("seven"));
        }
    }

    @Test
    void largeArraysComeBackBitExact(@TempDir Path folder) throws IOException {
        byte[] bytes = new byte[LARGE_BYTES];
        new Random(64).nextBytes(bytes);
        NDArray grid = NDArray.of(ByteBuffer.wrap(bytes), "<f8", 1024, LARGE_BYTES / 8192);
        try (IpcPeer peer = peer()) {
            IpcSession child = child(peer, folder);

            assertEquals(grid, child.call(new Turn(grid)).grid());
        }
    }

    private static IpcPeer peer() {
        return IpcPeer.builder()
                .messages(Turn.class, Turned.class)
                .limits(LIMITS)
                .build();
    }

    private static IpcSession child(IpcPeer peer, Path folder) throws IOException {
        return peer.spawn(Child.python(Files.writeString(folder.resolve("child.py"), SCRIPT)));
    }
}
