package dev.streamipc.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.Attachment;
import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What codecs make of attachments, and attachments by themselves. */
class AttachmentCodecTest {

    record Picture(String name, Attachment pixels) implements Request<Plain> {}

    record Frame(List<Picture> pictures) implements Message {}

    record Plain(String text) implements Message {}

    /** Its answer has attachments, and itself has none. */
    record Ask(String text) implements Request<Frame> {}

    private static final TypeRegistry REGISTRY =
            TypeRegistry.of(List.of(Picture.class, Frame.class, Plain.class, Ask.class));
    private static final SharedTypes SHARED = REGISTRY.agree(REGISTRY.entries(), true);

    /** As a user wrote it before there were attachments. */
    private static final class OldCodec implements MessageSerializer.Codec {

        @Override
        public void encode(Message message, OutputStream out) throws IOException {
            out.write(message.toString().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Message decode(Class<? extends Message> type, byte[] payload, int offset, int length) {
            return new Plain(new String(payload, offset, length, StandardCharsets.UTF_8));
        }
    }

    private static MessageSerializer.Codec codec(String serializer) {
        return (serializer.equals("json") ? new JsonMessageSerializer() : new KryoMessageSerializer()).codec(SHARED);
    }

    @Test
    void codecThatKnowsNoAttachmentsRefusesThemAndNothingElse() throws Exception {
        OldCodec codec = new OldCodec();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Picture picture = new Picture("p", Attachment.of(new byte[3]));

        for (Message message : List.of(picture, new Frame(List.of()))) {
            IOException refused = assertThrows(IOException.class, () -> codec.encode(message, out, attachment -> 0));
            assertTrue(refused.getMessage().startsWith("this serializer knows no attachments: codec="));
        }
        codec.encode(new Ask("text"), out, attachment -> 0);
        codec.encode(new Plain("text"), out, attachment -> 0);
        ByteBuffer body = ByteBuffer.wrap(out.toByteArray());
        assertEquals(
                out.toString(StandardCharsets.UTF_8),
                ((Plain) codec.decode(Plain.class, body(body, List.of()))).text());
        IOException refused =
                assertThrows(IOException.class, () -> codec.decode(Plain.class, body(body, List.of(picture.pixels()))));
        assertTrue(refused.getMessage().startsWith("this serializer knows no attachments: codec="));
    }

    private static MessageSerializer.Body body(ByteBuffer bytes, List<Attachment> attachments) {
        return new MessageSerializer.Body(bytes, AttachmentsIn.of(attachments));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kryo", "json"})
    void bodyHoldsPositionsAlone(String serializer) throws Exception {
        Attachment pixels = Attachment.of(new byte[100_000]);
        Frame frame = new Frame(List.of(new Picture("a", pixels), new Picture("b", pixels), new Picture("c", null)));
        List<Attachment> taken = new ArrayList<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        codec(serializer).encode(frame, out, attachment -> {
            taken.add(attachment);
            return taken.size() - 1;
        });

        assertTrue(out.size() < 200, "bytes=" + out.size());
        assertEquals(2, taken.size());
        assertEquals(frame, codec(serializer).decode(Frame.class, body(ByteBuffer.wrap(out.toByteArray()), taken)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kryo", "json"})
    void codecWithoutASessionSaysThatItCarriesNone(String serializer) {
        Picture picture = new Picture("p", Attachment.of(new byte[3]));

        Exception refused =
                assertThrows(Exception.class, () -> codec(serializer).encode(picture, new ByteArrayOutputStream()));

        assertTrue(refused.getMessage().contains("attachments can't be sent here"), refused.getMessage());
    }

    @Test
    void shapeNamesAttachments() {
        TypeEntry picture = REGISTRY.entries().stream()
                .filter(entry -> entry.name().endsWith("Picture"))
                .findFirst()
                .orElseThrow();
        assertEquals("(name: String, pixels: Attachment)", picture.shape());
    }

    @Test
    void attachmentIsAViewOfWhatItWasGiven() {
        byte[] bytes = {1, 2, 3, 4};
        ByteBuffer buffer = ByteBuffer.wrap(bytes).position(1).limit(3);
        Attachment attachment = Attachment.of(buffer);
        bytes[1] = 9;

        assertEquals(2, attachment.lengthBytes());
        assertEquals(9, attachment.buffer().get());
        assertEquals(0, attachment.buffer().position());
        assertEquals(1, buffer.position());
        assertThrows(ReadOnlyBufferException.class, () -> attachment.buffer().put((byte) 1));
        assertEquals(attachment, Attachment.of(new byte[] {9, 3}));
        assertEquals(attachment.hashCode(), Attachment.of(new byte[] {9, 3}).hashCode());
        assertNotEquals(attachment, Attachment.of(new byte[] {9, 3, 4}));
        byte[] copy = attachment.copy();
        copy[0] = 0;
        assertEquals(9, attachment.buffer().get());
        assertEquals("Attachment[lengthBytes=2]", attachment.toString());
    }
}
