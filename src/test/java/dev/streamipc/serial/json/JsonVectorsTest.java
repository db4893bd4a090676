package dev.streamipc.serial.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.streamipc.message.Message;
import dev.streamipc.serial.MessageSerializer.Codec;
import dev.streamipc.serial.TypeRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The vectors of {@code wire/json.json}, which the Python tests read as well. */
final class JsonVectorsTest {

    private static final ObjectMapper TREES = new ObjectMapper();

    private final TypeRegistry registry = TypeRegistry.of(List.of(Everything.class));
    private final Codec codec = new JsonMessageSerializer().codec(registry.agree(registry.entries(), false));

    @TestFactory
    List<DynamicTest> goodVectorsComeBackAsWritten() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : vectors("good")) {
            JsonNode expected = vector.path(vector.has("again") ? "again" : "json");
            byte[] given = TREES.writeValueAsBytes(vector.path("json"));
            tests.add(DynamicTest.dynamicTest(
                    vector.path("name").asText(), () -> assertEquals(expected, TREES.readTree(again(given)))));
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> badVectorsAreRefused() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : vectors("bad")) {
            byte[] given = vector.path("text").asText().getBytes(StandardCharsets.UTF_8);
            tests.add(DynamicTest.dynamicTest(
                    vector.path("name").asText(), () -> assertThrows(IOException.class, () -> decode(given))));
        }
        return tests;
    }

    private byte[] again(byte[] json) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.encode(decode(json), out);
        return out.toByteArray();
    }

    private Message decode(byte[] json) throws IOException {
        return codec.decode(Everything.class, json, 0, json.length);
    }

    private static JsonNode vectors(String kind) throws IOException {
        try (InputStream file = JsonVectorsTest.class.getResourceAsStream("/wire/json.json")) {
            assertNotNull(file, "wire/json.json is missing");
            JsonNode vectors = TREES.readTree(file).path(kind);
            assertFalse(vectors.isEmpty(), "no vectors: kind=" + kind);
            return vectors;
        }
    }

    enum Colour {
        RED,
        GREEN
    }

    record Inner(@Nullable String name, int value) {}

    record Everything(
            @Nullable String text,
            boolean flag,
            int count,
            long big,
            double ratio,
            byte @Nullable [] data,
            @Nullable Colour colour,
            @Nullable Instant at,
            @Nullable Duration took,
            @Nullable UUID id,
            @Nullable List<String> tags,
            @Nullable Map<String, Integer> sizes,
            @Nullable Inner inner,
            @Nullable InetSocketAddress host,
            @Nullable Pattern rule,
            @Nullable BitSet bits)
            implements Message {}
}
