package dev.streamipc.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Holds the code to the golden vectors, which every implementation of the wire reads. */
class WireVectorsTest {

    @TestFactory
    Stream<DynamicTest> frameIsSealedAsTheVectorSays() throws IOException {
        return vectors("frames.json")
                .map(vector -> dynamicTest(vector.get("name").textValue(), () -> seals(vector)));
    }

    @TestFactory
    Stream<DynamicTest> frameIsDecodedAsTheVectorSays() throws IOException {
        return vectors("frames.json")
                .map(vector -> dynamicTest(vector.get("name").textValue(), () -> decodes(vector)));
    }

    @TestFactory
    Stream<DynamicTest> streamIsDecodedAsTheVectorSays() throws IOException {
        return vectors("streams.json")
                .map(vector -> dynamicTest(vector.get("name").textValue(), () -> replays(vector)));
    }

    private static void seals(JsonNode vector) {
        byte[] payload = hex(vector, "payload");
        byte[] buffer = new byte[payload.length + 28];
        System.arraycopy(payload, 0, buffer, 24, payload.length);
        int word = Kind.valueOf(vector.get("kind").textValue())
                .with(vector.get("flags").intValue());

        int lengthBytes = new FrameEncoder(salt(vector)).seal(buffer, payload.length, word, id(vector));

        assertArrayEquals(hex(vector, "bytes"), Arrays.copyOf(buffer, lengthBytes));
    }

    private static void decodes(JsonNode vector) {
        boolean hello = vector.get("kind").textValue().equals("HELLO");
        Replay replay = new Replay(salt(vector), !hello, false, true, 1 << 24);

        assertEquals(List.of(frameEvent(vector)), replay.decode(hex(vector, "bytes")));
    }

    private static void replays(JsonNode vector) {
        boolean afterHello = !vector.get("salt").isNull();
        Replay replay = new Replay(
                afterHello ? salt(vector) : 0,
                afterHello,
                vector.get("mayCarryJunk").booleanValue(),
                vector.get("end").booleanValue(),
                vector.get("maxPayloadBytes").intValue());
        byte[] bytes = hex(vector, "bytes");
        List<String> expected = events(vector);

        assertEquals(expected, replay.decodeByteByByte(bytes), "byte by byte");
        for (int at = 0; at <= bytes.length; at++) {
            assertEquals(expected, replay.decodeCutAt(bytes, at), "cut at " + at);
        }
    }

    private static List<String> events(JsonNode vector) {
        List<String> events = new ArrayList<>();
        for (JsonNode event : vector.get("events")) {
            String family = event.fieldNames().next();
            JsonNode what = event.get(family);
            events.add(
                    switch (family) {
                        case "frame" -> frameEvent(what);
                        case "damaged" ->
                            RecordingSink.damagedEvent(
                                    what.get("kind").textValue(),
                                    what.get("flags").intValue(),
                                    id(what));
                        case "junk" -> RecordingSink.junkEvent(hex(event, family));
                        case "violation" -> RecordingSink.VIOLATION;
                        default -> throw new AssertionError("unknown event: event=" + event);
                    });
        }
        return events;
    }

    private static String frameEvent(JsonNode frame) {
        int flags = frame.get("flags").intValue();
        return RecordingSink.frameEvent(frame.get("kind").textValue(), flags, id(frame), hex(frame, "payload"));
    }

    private static Stream<JsonNode> vectors(String file) throws IOException {
        try (InputStream in = WireVectorsTest.class.getResourceAsStream("/wire/" + file)) {
            assertNotNull(in, "no golden vectors: file=src/test/resources/wire/" + file);
            JsonNode vectors = new ObjectMapper().readTree(in);
            assertTrue(vectors.isArray() && vectors.size() > 0, "no golden vectors in it: file=" + file);
            return StreamSupport.stream(vectors.spliterator(), false);
        }
    }

    private static byte[] hex(JsonNode node, String field) {
        return HexFormat.of().parseHex(node.get(field).textValue());
    }

    private static int salt(JsonNode vector) {
        return HexFormat.fromHexDigits(vector.get("salt").textValue());
    }

    private static long id(JsonNode node) {
        return HexFormat.fromHexDigitsToLong(node.get("id").textValue());
    }
}
