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
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Holds the code to the golden vectors, which every implementation of the wire reads. */
class WireVectorsTest {

    private static final int MAX_CUTS = 400;

    @TestFactory
    Stream<DynamicTest> frameIsSealedAsTheVectorSays() throws IOException {
        return tests(both("frames"), WireVectorsTest::seals);
    }

    @TestFactory
    Stream<DynamicTest> frameIsDecodedAsTheVectorSays() throws IOException {
        return tests(both("frames"), WireVectorsTest::decodes);
    }

    @TestFactory
    Stream<DynamicTest> streamIsDecodedAsTheVectorSays() throws IOException {
        return tests(both("streams"), WireVectorsTest::replays);
    }

    @TestFactory
    Stream<DynamicTest> attachmentsAreFoundAsTheVectorSays() throws IOException {
        return tests(features("attachments"), WireVectorsTest::findsAttachments);
    }

    private static Stream<DynamicTest> tests(Stream<JsonNode> vectors, Consumer<JsonNode> test) {
        return vectors.map(vector -> dynamicTest(vector.get("name").textValue(), () -> test.accept(vector)));
    }

    /** What holds without any feature, and what with some. */
    private static Stream<JsonNode> both(String sort) throws IOException {
        return Stream.concat(elements(file(sort + ".json"), sort), features(sort));
    }

    private static Stream<JsonNode> features(String sort) throws IOException {
        return elements(file("features.json").path(sort), sort);
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
        RecordingSink sink = new RecordingSink();
        FrameDecoder decoder = new FrameDecoder(sink, 1 << 24, false);
        decoder.allow(EnumSet.allOf(Feature.class));
        if (!hello) {
            decoder.salt(salt(vector));
        }

        Replay.feed(decoder, hex(vector, "bytes"));
        decoder.end();

        assertEquals(List.of(frameEvent(vector)), sink.events());
    }

    private static void replays(JsonNode vector) {
        boolean afterHello = !vector.get("salt").isNull();
        Replay replay = new Replay(
                afterHello ? salt(vector) : 0,
                afterHello,
                vector.get("mayCarryJunk").booleanValue(),
                vector.get("end").booleanValue(),
                vector.get("maxPayloadBytes").intValue(),
                featuresOf(vector));
        byte[] bytes = hex(vector, "bytes");
        List<String> expected = events(vector);

        assertEquals(expected, replay.decodeByteByByte(bytes), "byte by byte");
        int step = 1 + bytes.length / MAX_CUTS;
        for (int at = 0; at <= bytes.length; at += step) {
            assertEquals(expected, replay.decodeCutAt(bytes, at), "cut at " + at);
        }
    }

    private static Set<Feature> featuresOf(JsonNode vector) {
        List<String> names = new ArrayList<>();
        vector.path("features").forEach(name -> names.add(name.textValue()));
        return Feature.named(names);
    }

    private static void findsAttachments(JsonNode vector) {
        byte[] payload = hex(vector, "payload");
        byte[] bytes = RawFrame.of(Kind.NOTIFY)
                .flags(Flags.ATTACHMENTS)
                .payload(payload)
                .bytes();
        List<String> found = new ArrayList<>();
        FrameDecoder decoder = new Replay(RawFrame.SALT, true, false, true, 1 << 24, Set.of(Feature.ATTACHMENTS))
                .decoder(new Found(found));

        Replay.feed(decoder, bytes);

        List<String> expected = new ArrayList<>();
        if (vector.path("undecodable").booleanValue()) {
            expected.add("undecodable");
        } else {
            expected.add(vector.get("core").textValue());
            vector.get("attachments").forEach(attachment -> expected.add(attachment.textValue()));
        }
        assertEquals(expected, found);
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

    private static JsonNode file(String name) throws IOException {
        try (InputStream in = WireVectorsTest.class.getResourceAsStream("/wire/" + name)) {
            assertNotNull(in, "no golden vectors: file=src/test/resources/wire/" + name);
            return new ObjectMapper().readTree(in);
        }
    }

    private static Stream<JsonNode> elements(JsonNode vectors, String sort) {
        assertTrue(vectors.isArray() && vectors.size() > 0, "no golden vectors: sort=" + sort);
        return StreamSupport.stream(vectors.spliterator(), false);
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

    /** Notes in hex what stands in a frame without its attachments, and they. */
    private record Found(List<String> found) implements FrameSink {

        @Override
        public void frame(Frame frame) {
            try {
                AttachmentTable table = AttachmentTable.of(frame);
                note(frame, table.fieldsAt(), table.fieldsBytes());
                int at = table.attachmentsAt();
                for (int i = 0; i < table.count(); i++) {
                    note(frame, at, table.attachmentBytes(i));
                    at += table.attachmentBytes(i);
                }
            } catch (IOException e) {
                found.add("undecodable");
            }
        }

        private void note(Frame frame, int at, int lengthBytes) {
            int from = frame.payloadOffset() + at;
            found.add(HexFormat.of().formatHex(frame.payload(), from, from + lengthBytes));
        }

        @Override
        public void damaged(Frame head) {
            found.add("damaged");
        }

        @Override
        public void junk(byte[] bytes, int offset, int length) {
            found.add("junk");
        }

        @Override
        public void violation(String rule, long offsetBytes, String hexNear) {
            found.add(rule);
        }
    }
}
