package dev.streamipc.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.LogMessage;
import dev.streamipc.message.Message;
import dev.streamipc.serial.MessageSerializer.Codec;
import dev.streamipc.serial.SampleMessages.Bytes;
import dev.streamipc.serial.SampleMessages.Empty;
import dev.streamipc.serial.SampleMessages.Small;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every serializer keeps, a user's own included: a test class extends this and says which one. */
public abstract class MessageSerializerContract {

    private static final Small SMALL = new Small("next", 1, 2);

    protected final TypeRegistry registry = TypeRegistry.of(types());
    protected final SharedTypes shared = registry.agree(registry.entries(), true);
    protected final Codec codec = serializer().codec(shared);

    protected abstract MessageSerializer serializer();

    /** The types of the session; a serializer that knows fewer names fewer. */
    protected List<Class<?>> types() {
        return SampleMessages.TYPES;
    }

    protected List<Message> messages() {
        return SampleMessages.all();
    }

    @Test
    void nameFollowsTheRule() {
        assertTrue(serializer().name().matches("[a-z0-9-]{1,32}"), serializer().name());
    }

    @Test
    void everyMessageComesBackEqual() throws IOException {
        for (Message message : messages()) {
            assertEquals(message, decode(message.getClass(), encode(message)));
        }
    }

    @Test
    void logMessageNeedsNoRegistration() throws IOException {
        LogMessage message = new LogMessage("done", System.Logger.Level.WARNING);

        assertEquals(message, decode(LogMessage.class, encode(message)));
    }

    @Test
    void codecsOfOneSessionReadEachOther() throws IOException {
        byte[] payload = encode(SMALL);

        assertEquals(SMALL, serializer().codec(shared).decode(Small.class, payload, 0, payload.length));
    }

    @Test
    void payloadIsReadInPlace() throws IOException {
        byte[] payload = encode(SMALL);
        byte[] around = new byte[payload.length + 20];
        Arrays.fill(around, (byte) '{');
        System.arraycopy(payload, 0, around, 7, payload.length);

        assertEquals(SMALL, codec.decode(Small.class, around, 7, payload.length));
    }

    @Test
    void payloadIsNotChanged() throws IOException {
        byte[] payload = encode(SMALL);
        byte[] before = payload.clone();

        decode(Small.class, payload);

        assertArrayEquals(before, payload);
    }

    @Test
    void bigBytesComeBackEqual() throws IOException {
        byte[] bytes = new byte[3_000_001];
        new Random(1).nextBytes(bytes);

        Bytes read = (Bytes) decode(Bytes.class, encode(new Bytes(bytes)));

        assertArrayEquals(bytes, read.bytes());
    }

    @Test
    void payloadTooLargePassesThroughAndTheNextMessageWorks() throws IOException {
        PayloadTooLarge refusal = new PayloadTooLarge(10_000);
        Limited out = new Limited(refusal);

        PayloadTooLarge thrown =
                assertThrows(PayloadTooLarge.class, () -> codec.encode(new Bytes(new byte[100_000]), out));

        assertSame(refusal, thrown);
        assertEquals(SMALL, decode(Small.class, encode(SMALL)));
    }

    @Test
    void streamIsNeitherFlushedNorClosed() throws IOException {
        Watched out = new Watched();

        codec.encode(new Bytes(new byte[100_000]), out);

        assertFalse(out.touched);
    }

    @Test
    void garbageIsRefusedAndTheNextMessageWorks() throws IOException {
        Random random = new Random(2);
        for (int i = 0; i < 1000; i++) {
            byte[] garbage = new byte[random.nextInt(40)];
            random.nextBytes(garbage);
            tryDecode(Small.class, garbage);
        }

        assertThrows(Exception.class, () -> decode(Small.class, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1}));
        assertThrows(Exception.class, () -> decode(Small.class, new byte[0]));
        assertEquals(SMALL, decode(Small.class, encode(SMALL)));
    }

    @Test
    void everyCutIsRefused() throws IOException {
        byte[] payload = encode(SMALL);

        for (int length = 0; length < payload.length; length++) {
            byte[] cut = Arrays.copyOf(payload, length);
            assertThrows(Exception.class, () -> decode(Small.class, cut), "lengthBytes=" + length);
        }
    }

    @Test
    void bytesBehindTheMessageAreRefused() throws IOException {
        byte[] payload = encode(SMALL);
        byte[] longer = Arrays.copyOf(payload, payload.length + 1);
        longer[payload.length] = '}';

        assertThrows(Exception.class, () -> decode(Small.class, longer));
    }

    @Test
    void typeThatIsNotSharedIsRefusedBothWays() throws IOException {
        byte[] payload = encode(new Empty());

        assertThrows(Exception.class, () -> encode(new Stranger(1)));
        assertThrows(Exception.class, () -> decode(Stranger.class, payload));
    }

    protected final byte[] encode(Message message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.encode(message, out);
        return out.toByteArray();
    }

    protected final Message decode(Class<? extends Message> type, byte[] payload) throws IOException {
        Message message = codec.decode(type, payload, 0, payload.length);
        assertSame(type, message.getClass());
        return message;
    }

    private void tryDecode(Class<? extends Message> type, byte[] payload) {
        Message message;
        try {
            message = codec.decode(type, payload, 0, payload.length);
        } catch (Exception refused) {
            return;
        }
        assertSame(type, message.getClass());
    }

    record Stranger(int number) implements Message {}

    private static final class Limited extends OutputStream {

        private final PayloadTooLarge refusal;
        private int sizeBytes;

        Limited(PayloadTooLarge refusal) {
            this.refusal = refusal;
        }

        @Override
        public void write(int one) throws IOException {
            if (++sizeBytes > 10_000) {
                throw refusal;
            }
        }
    }

    private static final class Watched extends OutputStream {

        private boolean touched;

        @Override
        public void write(int one) {}

        @Override
        public void flush() {
            touched = true;
        }

        @Override
        public void close() {
            touched = true;
        }
    }
}
