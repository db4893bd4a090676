package dev.streamipc.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.esotericsoftware.kryo.io.Output;
import dev.streamipc.message.Message;
import dev.streamipc.serial.MessageSerializer.Codec;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A class whose name stands in a payload, in every way that is known to have worked somewhere, never comes to life. */
final class CanaryTest {

    private static final AtomicInteger SONGS = new AtomicInteger();

    /** Sings as soon as anybody initialises it. */
    static final class Canary implements Message {
        static {
            SONGS.incrementAndGet();
        }

        String song = "";
    }

    record Anything(@Nullable Object value) implements Message {}

    record Typed(
            @Nullable List<Object> list,
            @Nullable Map<String, Object> map,
            Object @Nullable [] array,
            @Nullable Number number,
            @Nullable Comparable<?> comparable,
            SampleMessages.@Nullable Shape shape)
            implements Message {}

    private static final String NAME = CanaryTest.class.getName() + "$Canary";
    private static final List<Class<? extends Message>> HOLDERS = List.of(Anything.class, Typed.class);

    private final TypeRegistry registry = TypeRegistry.of(List.of(Anything.class, Typed.class));

    @Test
    void classNamesInPayloadsStayText() throws Exception {
        int refused = inJson() + inKryo();

        assertTrue(refused > 100, "refused=" + refused);
        assertEquals(0, SONGS.get(), "a payload has initialised a class");
        assertEquals(NAME, Class.forName(NAME).getName());
        assertEquals(1, SONGS.get(), "the canary can't sing");
    }

    private int inJson() {
        Codec codec = new JsonMessageSerializer().codec(registry.agree(registry.entries(), false));
        int refused = 0;
        for (String form : jsonForms()) {
            for (String field : List.of("value", "list", "map", "array", "number", "comparable", "shape")) {
                for (String around : List.of("%s", "[%s]", "{\"key\":%s}")) {
                    String json = "{\"" + field + "\":" + around.formatted(form) + "}";
                    refused += offer(codec, json.getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return refused;
    }

    private static List<String> jsonForms() {
        List<String> forms = new ArrayList<>();
        for (String key : List.of("@class", "__class", "class", "@c", "@type", "$type", "type", "javaClass", NAME)) {
            forms.add("{\"" + key + "\":\"" + NAME + "\",\"song\":\"x\"}");
            forms.add("{\"" + key + "\":{\"song\":\"x\"}}");
        }
        forms.add("[\"" + NAME + "\",{\"song\":\"x\"}]");
        forms.add("[\"[L" + NAME + ";\",[{}]]");
        forms.add("\"" + NAME + "\"");
        return forms;
    }

    /** As Kryo itself would write a class by its name, and near it, behind every number that a class may have. */
    private int inKryo() {
        Codec codec = new KryoMessageSerializer().codec(registry.agree(registry.entries(), true));
        int refused = 0;
        for (int number = 0; number < 128; number++) {
            for (int nameId : new int[] {-1, 0, 1}) {
                Output out = new Output(1024);
                out.writeVarInt(number, true);
                if (nameId >= 0) {
                    out.writeVarInt(nameId, true);
                }
                out.writeString(NAME);
                out.writeString("x");
                refused += offer(codec, out.toBytes());
            }
        }
        return refused;
    }

    private static int offer(Codec codec, byte[] payload) {
        int refused = 0;
        for (Class<? extends Message> holder : HOLDERS) {
            try {
                Message decoded = codec.decode(holder, payload, 0, payload.length);
                assertEquals(holder, decoded.getClass());
            } catch (IOException | RuntimeException expected) {
                refused++;
            }
        }
        return refused;
    }

    @Test
    void jsonThatMeansTwoThingsIsRefused() {
        Codec codec = new JsonMessageSerializer().codec(registry.agree(registry.entries(), false));
        for (String json : List.of(
                "{\"number\":1,\"number\":2}",
                "{\"map\":{\"a\":1,\"a\":2}}",
                "{\"number\":1}{}",
                "{\"number\":1} 2",
                "{\"number\":1}]",
                "{\"number\":1}/*more*/",
                "{'number':1}",
                "{number:1}",
                "{\"number\":01}",
                "{\"number\":NaN}",
                "{\"number\":1,}",
                "")) {
            byte[] payload = json.getBytes(StandardCharsets.UTF_8);
            assertThrows(IOException.class, () -> codec.decode(Typed.class, payload, 0, payload.length), json);
        }
    }
}
