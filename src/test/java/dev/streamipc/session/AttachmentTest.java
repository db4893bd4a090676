package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.Attachment;
import dev.streamipc.message.NDArray;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.Undecodable;
import dev.streamipc.process.Child;
import dev.streamipc.process.ChildChannel;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;
import dev.streamipc.session.AttachmentMessages.Album;
import dev.streamipc.session.AttachmentMessages.AlbumBack;
import dev.streamipc.session.AttachmentMessages.Fetch;
import dev.streamipc.session.AttachmentMessages.Image;
import dev.streamipc.session.AttachmentMessages.ImageBack;
import dev.streamipc.session.AttachmentMessages.Note;
import dev.streamipc.session.AttachmentMessages.Pages;
import dev.streamipc.session.AttachmentMessages.Plain;
import dev.streamipc.session.AttachmentMessages.Scans;
import dev.streamipc.session.AttachmentMessages.ScansBack;
import dev.streamipc.session.AttachmentMessages.Sheet;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Raw bytes beside messages, there and back, over each channel. */
@Timeout(120)
class AttachmentTest {

    private static final CallOptions LONG = CallOptions.deadline(Duration.ofSeconds(60));
    private static final int[] SIZES = {0, 1, 65_535, 65_536, 65_537, 10_000_000};

    static IpcPeer peer(String serializer) {
        MessageSerializer chosen =
                serializer.equals("json") ? new JsonMessageSerializer() : new KryoMessageSerializer();
        return IpcPeer.builder()
                .messages(AttachmentMessages.ALL)
                .serializers(chosen)
                .build();
    }

    /** A session whose other side answers: a child, or this JVM. */
    private static IpcSession session(IpcPeer peer, String channel, String serializer) {
        if (channel.equals("MEMORY")) {
            MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
            IpcSession child = peer.createSession(pair.right(), Role.CHILD);
            AttachmentMessages.answer(child);
            child.start();
            return peer.createSession(pair.left(), Role.PARENT);
        }
        return peer.spawn(
                Child.java(AttachmentChild.class).arguments(serializer).over(ChildChannel.valueOf(channel)));
    }

    @ParameterizedTest
    @CsvSource({"MEMORY, kryo", "STDIO, kryo", "STDIO, json", "UNIX_SOCKET, kryo"})
    void arraysGoThereAndBack(String channel, String serializer) {
        try (IpcPeer peer = peer(serializer)) {
            IpcSession session = session(peer, channel, serializer);
            NDArray large = NDArray.of(ByteBuffer.wrap(AttachmentMessages.random(6_000_000, 1)), "<f4", 1_000, 1_500);
            NDArray single = NDArray.of(ByteBuffer.allocate(8).putDouble(2.5).flip(), ">f8");
            NDArray columns =
                    new NDArray(Attachment.of(AttachmentMessages.random(12, 2)), "<i2", List.of(2, 3), NDArray.Order.F);
            NDArray empty = NDArray.of(ByteBuffer.allocate(0), "|u1", 0, 7);
            Attachment raw = Attachment.of(AttachmentMessages.random(70_000, 3));

            ScansBack back = session.call(
                    new Scans(
                            large, raw, List.of(single, empty), Map.of("columns", columns), Optional.of(single), null),
                    LONG);

            assertEquals(large, back.first());
            assertEquals(raw, back.raw());
            assertEquals(List.of(single, empty), back.more());
            assertEquals(Map.of("columns", columns), back.named());
            assertEquals(Optional.of(single), back.maybe());
            assertNull(back.missing());
            assertEquals(2.5, back.more().get(0).buffer().getDouble());
        }
    }

    @ParameterizedTest
    @CsvSource({"MEMORY, kryo", "MEMORY, json", "STDIO, kryo", "STDIO, json", "UNIX_SOCKET, kryo", "UNIX_SOCKET, json"})
    void bytesGoThereAndBack(String channel, String serializer) {
        try (IpcPeer peer = peer(serializer)) {
            IpcSession session = session(peer, channel, serializer);
            for (int size : SIZES) {
                byte[] bytes = AttachmentMessages.random(size, size);
                ImageBack back = session.call(new Image("n", Attachment.of(bytes)), LONG);
                assertEquals("n", back.name());
                assertArrayEquals(bytes, back.pixels().copy(), "size=" + size);
                Attachment direct = Attachment.of(AttachmentMessages.direct(bytes));
                assertEquals(direct, session.call(new Image("d", direct), LONG).pixels());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"MEMORY, kryo", "MEMORY, json", "STDIO, kryo", "UNIX_SOCKET, json"})
    void suppliedMemoryIsReusedFromCallToCall(String channel, String serializer) {
        try (IpcPeer peer = peer(serializer)) {
            IpcSession session = session(peer, channel, serializer);
            ByteBuffer memory = ByteBuffer.allocateDirect(10_000_100).position(100);
            ByteBuffer heap = ByteBuffer.allocate(2_000_000);
            for (int i = 0; i < 8; i++) {
                for (int size : SIZES) {
                    ByteBuffer into = i % 2 == 0 ? memory : heap;
                    ImageBack back = session.call(new Fetch(size, i), LONG.attachmentsInto(into));
                    byte[] expected = AttachmentMessages.random(size, i);
                    assertArrayEquals(expected, back.pixels().copy(), "size=" + size);
                    byte[] there = new byte[size];
                    if (size <= into.remaining()) {
                        into.duplicate().get(there);
                        assertTrue(Arrays.equals(expected, there), "it is in that memory: size=" + size);
                    }
                }
            }
            assertEquals(100, memory.position());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kryo", "json"})
    void attachmentsStandAnywhere(String serializer) {
        try (IpcPeer peer = peer(serializer)) {
            IpcSession session = session(peer, "MEMORY", serializer);
            List<Attachment> pages = new ArrayList<>();
            for (int i = 0; i < 250; i++) {
                pages.add(Attachment.of(AttachmentMessages.random(i * 37, i)));
            }
            Attachment cover = Attachment.of(AttachmentMessages.random(100_000, 1));
            Album album = new Album(
                    pages,
                    Optional.of(cover),
                    Map.of("a", pages.get(1), "b", cover),
                    new Sheet(pages.get(2), 2),
                    new Sheet(pages.get(3), 3),
                    null);

            AlbumBack back = session.call(album, LONG);

            assertEquals(album.pages(), back.pages());
            assertEquals(album.cover(), back.cover());
            assertEquals(album.named(), back.named());
            assertEquals(album.first(), back.first());
            assertEquals(album.second(), back.second());
            assertNull(back.missing());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kryo", "json"})
    void severalLandOneBehindTheOther(String serializer) {
        try (IpcPeer peer = peer(serializer)) {
            IpcSession session = session(peer, "MEMORY", serializer);
            List<Attachment> pages = List.of(
                    Attachment.of(AttachmentMessages.random(100_000, 1)),
                    Attachment.of(new byte[0]),
                    Attachment.of(AttachmentMessages.random(200_000, 2)));
            ByteBuffer memory = ByteBuffer.allocate(300_000);
            Album album = new Album(pages, Optional.empty(), Map.of(), null, null, null);

            AlbumBack back = session.call(album, LONG.attachmentsInto(memory));

            assertEquals(pages, back.pages());
            assertArrayEquals(pages.get(0).copy(), Arrays.copyOf(memory.array(), 100_000));
            assertArrayEquals(pages.get(2).copy(), Arrays.copyOfRange(memory.array(), 100_000, 300_000));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kryo", "json"})
    void notificationsAndUpdatesCarryAttachments(String serializer) throws Exception {
        try (IpcPeer peer = peer(serializer)) {
            IpcSession session = session(peer, "MEMORY", serializer);
            IpcSession child = peer.sessions().stream()
                    .filter(each -> each != session)
                    .findFirst()
                    .orElseThrow();
            child.onRequest(Plain.class, (plain, context) -> {
                for (int i = 1; i <= 3; i++) {
                    context.progress(new Note(Attachment.of(AttachmentMessages.random(100_000 * i, i))));
                }
                return new Note(Attachment.of(new byte[0]));
            });
            List<Integer> updates = new ArrayList<>();

            session.call(new Plain(1), LONG.onProgress(Note.class, progress -> {
                int length = progress.message().bytes().lengthBytes();
                byte[] expected = AttachmentMessages.random(length, length / 100_000);
                updates.add(Arrays.equals(expected, progress.message().bytes().copy()) ? length : -1);
            }));
            session.notify(new Note(Attachment.of(AttachmentMessages.random(1_000_000, 5))));
            session.notify(new Note(Attachment.of(AttachmentMessages.random(10, 6))));
            session.flush(Duration.ofSeconds(20));

            assertTrue(updates.contains(300_000), updates.toString());
            assertEquals(updates.stream().sorted().toList(), updates);
            List<Integer> notes = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Note note = (Note) child.receive(Duration.ofSeconds(20)).orElseThrow();
                notes.add(note.bytes().lengthBytes());
            }
            assertEquals(List.of(10, 1_000_000), notes.stream().sorted().toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"MEMORY, kryo", "MEMORY, json", "STDIO, kryo"})
    void partsCarryAttachments(String channel, String serializer) {
        try (IpcPeer peer = peer(serializer)) {
            IpcSession session = session(peer, channel, serializer);
            int seen = 0;
            try (PartStream<Note> notes = session.stream(new Pages(20), LONG)) {
                for (Note note : notes) {
                    byte[] expected = AttachmentMessages.random(seen * 30_000, seen);
                    assertArrayEquals(expected, note.bytes().copy(), "seen=" + seen);
                    seen++;
                }
            }
            assertEquals(20, seen);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kryo", "json"})
    void limitsCountAttachments(String serializer) {
        MessageSerializer chosen =
                serializer.equals("json") ? new JsonMessageSerializer() : new KryoMessageSerializer();
        IpcPeer.Builder small = IpcPeer.builder()
                .messages(AttachmentMessages.ALL)
                .serializers(chosen)
                .limits(Limits.DEFAULT.withMaxPayloadBytes(1 << 20));
        try (IpcPeer peer = small.build()) {
            IpcSession session = session(peer, "MEMORY", serializer);
            Image tooLarge = new Image("n", Attachment.of(new byte[1 << 20]));

            Rejected rejected = assertThrows(Rejected.class, () -> session.call(tooLarge, LONG));

            assertEquals(Rejected.Reason.TOO_LARGE, rejected.reason());
            Undecodable answer = assertThrows(Undecodable.class, () -> session.call(new Fetch(1 << 20, 1), LONG));
            assertEquals(Undecodable.Subject.ANSWER, answer.subject());
            List<Attachment> many = new ArrayList<>();
            for (int i = 0; i < 257; i++) {
                many.add(Attachment.of(new byte[1]));
            }
            Undecodable tooMany = assertThrows(
                    Undecodable.class,
                    () -> session.call(new Album(many, Optional.empty(), Map.of(), null, null, null), LONG));
            assertInstanceOf(String.class, tooMany.getMessage());
            assertTrue(tooMany.getMessage().contains("too many attachments: most=256"), tooMany.getMessage());
            assertEquals(5, session.call(new Fetch(5, 1), LONG).pixels().lengthBytes());
        }
    }
}
