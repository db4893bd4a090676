package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.Attachment;
import dev.streamipc.message.Message;
import dev.streamipc.message.MessageName;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.Request;
import dev.streamipc.message.StreamRequest;
import dev.streamipc.message.UploadRequest;
import dev.streamipc.process.Child;
import dev.streamipc.process.ChildChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams and attachments between a Java parent and a Python child, on both of its channels, both ways, with handlers on threads and on asyncio. */
@Timeout(60)
class PythonStreamsTest {

    private static final int SMALL_BYTES = 1_000;
    private static final int LARGE_BYTES = 300_000;

    private static final String TYPES = """
            import asyncio, zlib
            from streamipc import Attachment, Session, aio, message

            @message
            class Read:
                parts: int
                bytes: int

            @message
            class Write:
                name: str

            @message
            class Block:
                number: int
                data: Attachment

            @message
            class Sum:
                parts: int
                crc: int

            @message
            class Turn:
                parts: int

            @message
            class Echo:
                data: Attachment

            @message
            class Echoed:
                data: Attachment

            def block(number, size):
                return Block(number, Attachment(bytes([number % 251]) * size))

            """;

    private static final String THREADS = """
            session = Session.stdio()

            @session.on_request(Read)
            def read(request):
                for number in range(request.parts):
                    yield block(number, request.bytes)
                if request.bytes == 7:
                    raise ValueError("seven")

            def total(parts):
                count = crc = 0
                for part in parts:
                    assert part.number == count
                    crc = zlib.crc32(part.data.view, crc)
                    count += 1
                return Sum(count, crc)

            @session.on_upload(Write)
            def write(request, parts):
                return total(parts)

            @session.on_request(Turn)
            def turn(request):
                with session.stream(Read(request.parts, 5000), parts=Block) as blocks:
                    down = total(blocks)
                up = session.upload(Write("back"), (block(n, 5000) for n in range(request.parts)))
                return down if up == down else Sum(-1, -1)

            @session.on_request(Echo)
            def echo(request):
                return Echoed(request.data)

            session.serve()
            """;

    private static final String COROUTINES = """
            async def main():
                session = aio.Session.stdio()

                @session.on_stream(Read)
                async def read(request):
                    for number in range(request.parts):
                        yield block(number, request.bytes)
                    if request.bytes == 7:
                        raise ValueError("seven")

                async def total(parts):
                    count = crc = 0
                    async for part in parts:
                        assert part.number == count
                        crc = zlib.crc32(part.data.view, crc)
                        count += 1
                    return Sum(count, crc)

                @session.on_upload(Write)
                async def write(request, parts):
                    return await total(parts)

                @session.on_request(Turn)
                async def turn(request):
                    down = await total(session.stream(Read(request.parts, 5000), parts=Block))
                    async with session.upload(Write("back")) as upload:
                        for number in range(request.parts):
                            await upload.send(block(number, 5000))
                        return down if await upload.result() == down else Sum(-1, -1)

                @session.on_request(Echo)
                async def echo(request):
                    return Echoed(request.data)

                await session.serve()

            asyncio.run(main())
            """;

    /** What runs the handlers of the child. */
    enum Style {
        THREADS,
        COROUTINES
    }

    static Stream<Arguments> children() {
        return Stream.of(ChildChannel.values())
                .flatMap(channel -> Stream.of(Style.values()).map(style -> Arguments.of(channel, style)));
    }

    @MessageName("Read")
    record Read(int parts, int bytes) implements StreamRequest<Block> {}

    @MessageName("Write")
    record Write(String name) implements UploadRequest<Block, Sum> {}

    @MessageName("Block")
    record Block(int number, Attachment data) implements Message {}

    @MessageName("Sum")
    record Sum(int parts, long crc) implements Message {}

    @MessageName("Turn")
    record Turn(int parts) implements Request<Sum> {}

    @MessageName("Echo")
    record Echo(Attachment data) implements Request<Echoed> {}

    @MessageName("Echoed")
    record Echoed(Attachment data) implements Message {}

    private static Block block(int number, int size) {
        byte[] bytes = new byte[size];
        java.util.Arrays.fill(bytes, (byte) (number % 251));
        return new Block(number, Attachment.of(bytes));
    }

    private static Sum sum(Iterable<Block> blocks) {
        CRC32 crc = new CRC32();
        int count = 0;
        for (Block block : blocks) {
            assertEquals(count++, block.number());
            crc.update(block.data().buffer());
        }
        return new Sum(count, crc.getValue());
    }

    private static Sum expected(int parts, int size) {
        return sum(java.util.stream.IntStream.range(0, parts)
                .mapToObj(number -> block(number, size))
                .toList());
    }

    private static IpcPeer peer() {
        return IpcPeer.builder()
                .messages(Read.class, Write.class, Turn.class, Echo.class)
                .build();
    }

    private static IpcSession child(IpcPeer peer, ChildChannel channel, Style style, Path folder) throws IOException {
        String handlers = style == Style.THREADS ? THREADS : COROUTINES;
        Path script = Files.writeString(folder.resolve("child.py"), TYPES + handlers);
        return peer.spawn(Child.python(script).over(channel));
    }

    @ParameterizedTest
    @MethodSource("children")
    void streamsArriveWholeInBothDirections(ChildChannel channel, Style style, @TempDir Path folder)
            throws IOException {
        try (IpcPeer peer = peer()) {
            IpcSession child = child(peer, channel, style, folder);
            for (int size : new int[] {0, SMALL_BYTES, LARGE_BYTES}) {
                assertEquals(expected(100, size), sum(child.stream(new Read(100, size))));
                Upload<Block, Sum> upload = child.upload(new Write("up"));
                for (int i = 0; i < 100; i++) {
                    assertTrue(upload.send(block(i, size)));
                }
                assertEquals(expected(100, size), upload.finish());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("children")
    void pythonAsksForStreamsAndBringsThem(ChildChannel channel, Style style, @TempDir Path folder) throws IOException {
        try (IpcPeer peer = peer()) {
            IpcSession child = child(peer, channel, style, folder);
            child.onStream(Read.class, (read, parts) -> {
                for (int i = 0; i < read.parts(); i++) {
                    parts.send(block(i, read.bytes()));
                }
            });
            child.onUpload(Write.class, (write, parts, context) -> sum(parts));

            assertEquals(expected(500, 5_000), child.call(new Turn(500)));
        }
    }

    @ParameterizedTest
    @MethodSource("children")
    void failureAndEarlyEndReachTheOtherSide(ChildChannel channel, Style style, @TempDir Path folder)
            throws IOException {
        try (IpcPeer peer = peer()) {
            IpcSession child = child(peer, channel, style, folder);
            RemoteFailure seven = assertThrows(RemoteFailure.class, () -> sum(child.stream(new Read(20, 7))));
            assertTrue(seven.getMessage().contains("seven"), seven.getMessage());
            try (PartStream<Block> endless = child.stream(new Read(1_000_000_000, 10))) {
                Iterator<Block> some = endless.iterator();
                assertEquals(0, some.next().number());
                assertEquals(1, some.next().number());
            }
            assertEquals(expected(3, 3), sum(child.stream(new Read(3, 3))));
        }
    }

    @ParameterizedTest
    @MethodSource("children")
    void attachmentsComeBackAsTheyWere(ChildChannel channel, Style style, @TempDir Path folder) throws IOException {
        try (IpcPeer peer = peer()) {
            IpcSession child = child(peer, channel, style, folder);
            for (int size : new int[] {0, 1, 65_535, 65_536, 65_537, 5_000_000}) {
                byte[] bytes = new byte[size];
                new Random(size).nextBytes(bytes);
                ByteBuffer back =
                        child.call(new Echo(Attachment.of(bytes))).data().buffer();
                assertEquals(ByteBuffer.wrap(bytes), back);
            }
        }
    }
}
