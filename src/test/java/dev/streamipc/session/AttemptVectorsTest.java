package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.streamipc.frame.Feature;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Frame;
import dev.streamipc.frame.FrameDecoder;
import dev.streamipc.frame.FrameEncoder;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.FrameSink;
import dev.streamipc.frame.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Holds that attempts are read and written as the golden vectors say. */
class AttemptVectorsTest {

    private static final int HEAD_BYTES = 6;

    @TestFactory
    Stream<DynamicTest> attemptIsReadAsTheVectorSays() throws IOException {
        return vectors().map(vector -> dynamicTest(vector.get("name").textValue(), () -> reads(vector)));
    }

    @TestFactory
    Stream<DynamicTest> attemptIsWrittenAsTheVectorSays() throws IOException {
        return vectors()
                .filter(vector -> vector.path("key").isTextual())
                .map(vector -> dynamicTest(vector.get("name").textValue(), () -> writes(vector)));
    }

    private static void reads(JsonNode vector) throws IOException {
        byte[] payload = hex(vector, "payload");
        Frame frame = frame(payload);
        if (vector.has("undecodable")) {
            assertThrows(IOException.class, () -> Attempt.read(frame, HEAD_BYTES));
            return;
        }

        Attempt attempt = Attempt.read(frame, HEAD_BYTES);

        assertEquals(vector.get("attempt").intValue(), attempt.number());
        assertEquals(vector.get("key").textValue(), attempt.key());
        byte[] core = hex(vector, "core");
        assertEquals(payload.length - core.length, attempt.lengthBytes());
        assertArrayEquals(
                Arrays.copyOfRange(core, HEAD_BYTES, core.length),
                Arrays.copyOfRange(payload, HEAD_BYTES + attempt.lengthBytes(), payload.length));
    }

    private static Frame frame(byte[] payload) {
        byte[] bytes = new byte[FrameHeader.LENGTH_BYTES + payload.length];
        System.arraycopy(payload, 0, bytes, FrameHeader.LENGTH_BYTES, payload.length);
        new FrameEncoder(1).seal(bytes, payload.length, Kind.REQUEST.with(Flags.ATTEMPT), 1);
        LastFrame last = new LastFrame();
        FrameDecoder decoder = new FrameDecoder(last, payload.length, false);
        decoder.salt(1);
        decoder.allow(EnumSet.allOf(Feature.class));
        decoder.room().put(bytes);
        decoder.received(bytes.length);
        assertNotNull(last.frame);
        return last.frame;
    }

    private static final class LastFrame implements FrameSink {

        private Frame frame;

        @Override
        public void frame(Frame came) {
            frame = came.kept();
        }

        @Override
        public void damaged(Frame head) {}

        @Override
        public void junk(byte[] bytes, int offset, int length) {}

        @Override
        public void violation(String rule, long offsetBytes, String hexNear) {}
    }

    private static void writes(JsonNode vector) throws IOException {
        byte[] payload = hex(vector, "payload");
        byte[] core = hex(vector, "core");
        Attempt attempt = Attempt.of(CallOptions.DEFAULT.attempt(
                vector.get("attempt").intValue(), vector.get("key").textValue()));
        FrameBuffer buffer = new FrameBuffer();
        buffer.reset(payload.length);
        buffer.write(core, 0, HEAD_BYTES);

        attempt.writeTo(buffer);

        buffer.write(core, HEAD_BYTES, core.length - HEAD_BYTES);
        byte[] written = Arrays.copyOfRange(
                buffer.array(), FrameHeader.LENGTH_BYTES, FrameHeader.LENGTH_BYTES + buffer.payloadBytes());
        assertArrayEquals(payload, written);
    }

    private static Stream<JsonNode> vectors() throws IOException {
        try (InputStream in = AttemptVectorsTest.class.getResourceAsStream("/wire/features.json")) {
            JsonNode vectors = new ObjectMapper().readTree(in).path("attempts");
            assertTrue(vectors.size() > 20, "no golden vectors in it: sort=attempts");
            return StreamSupport.stream(vectors.spliterator(), false);
        }
    }

    private static byte[] hex(JsonNode node, String field) {
        return HexFormat.of().parseHex(node.get(field).textValue());
    }
}
