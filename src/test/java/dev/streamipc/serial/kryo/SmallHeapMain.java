package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.io.Output;
import dev.streamipc.message.Message;
import dev.streamipc.serial.MessageSerializer.Codec;
import dev.streamipc.serial.SampleMessages;
import dev.streamipc.serial.TypeRegistry;
import dev.streamipc.serial.json.JsonMessageSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Feeds both codecs what would need gigabytes or a deep stack if it were believed, in a heap and on a stack that are
 * small. Prints how much was refused; an error ends it.
 */
final class SmallHeapMain {

    private static final int[] CLAIMS = {1_000_000_000, Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 1 << 27};
    private static final int[] DEPTHS = {65, 3_000, 200_000};
    private static final int HEAD_BYTES = 40;

    private final TypeRegistry registry = TypeRegistry.of(types());
    private final Codec kryo = new KryoMessageSerializer().codec(registry.agree(registry.entries(), true));
    private final Codec json = new JsonMessageSerializer().codec(registry.agree(registry.entries(), false));
    private int refused;
    private int accepted;

    record Anything(@Nullable Object value) implements Message {}

    record Arrays(
            byte @Nullable [] bytes,
            boolean @Nullable [] flags,
            short @Nullable [] shorts,
            char @Nullable [] chars,
            int @Nullable [] ints,
            long @Nullable [] longs,
            float @Nullable [] floats,
            double @Nullable [] doubles,
            String @Nullable [] texts,
            int @Nullable [][] grid)
            implements Message {}

    private static List<Class<?>> types() {
        List<Class<?>> types = new ArrayList<>(SampleMessages.TYPES);
        types.addAll(List.of(Anything.class, Arrays.class));
        return types;
    }

    private SmallHeapMain() {}

    public static void main(String[] arguments) throws Exception {
        SmallHeapMain main = new SmallHeapMain();
        Thread thread = new Thread(null, main::runAll, "small-stack", 256 << 10);
        thread.setUncaughtExceptionHandler((dead, error) -> {
            System.out.println("error=" + error);
            System.exit(1);
        });
        thread.start();
        thread.join();
        System.out.println("maxMemory=" + (Runtime.getRuntime().maxMemory() >> 20) + " refused=" + main.refused
                + " accepted=" + main.accepted);
        System.out.println(new StringBuffer("still ").append("works"));
    }

    private void runAll() {
        try {
            claimAtEveryNumber();
            claimInEveryField();
            nest();
            turnInCircles();
            Message small = new SampleMessages.Small("x", 1, 2);
            require(small.equals(decode(kryo, SampleMessages.Small.class, encode(kryo, small))));
            require(small.equals(decode(json, SampleMessages.Small.class, encode(json, small))));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Whatever class a number stands for: arrays, texts, collections, maps, records. */
    private void claimAtEveryNumber() {
        int numbers = ClassIds.FIRST_SHARED + registry.entries().size();
        for (int number = 1; number < numbers; number++) {
            for (int claim : CLAIMS) {
                offer(Anything.class, head(number, claim, false));
                offer(Anything.class, head(number, claim, true));
            }
        }
    }

    /** The same claim at every byte of what comes before it, so that it is the length of each field in turn. */
    private void claimInEveryField() {
        for (Class<? extends Message> type : List.of(
                Arrays.class, SampleMessages.Nested.class, SampleMessages.Values.class, SampleMessages.Bytes.class)) {
            for (int before = 0; before < HEAD_BYTES; before++) {
                for (int claim : CLAIMS) {
                    for (int filler : new int[] {0, 1}) {
                        offer(type, afterFiller(before, filler, claim));
                    }
                }
            }
        }
    }

    private void nest() throws IOException {
        for (Object container : List.of(List.of(), Set.of(), Optional.empty(), new Object[0], Map.of())) {
            byte number = encode(kryo, new Anything(container))[0];
            for (int depth : DEPTHS) {
                offer(Anything.class, nested(number, depth, container));
            }
        }
        for (String open : List.of("[", "{\"children\":[", "{\"a\":", "{\"children\":[[")) {
            for (int depth : DEPTHS) {
                byte[] text = open.repeat(depth).getBytes(StandardCharsets.UTF_8);
                require(isRefused(() -> decode(json, SampleMessages.Tree.class, text)));
            }
        }
    }

    private static byte[] nested(byte number, int depth, Object container) {
        Output out = new Output(1024, -1);
        for (int i = 0; i < depth; i++) {
            out.writeByte(number);
            if (!(container instanceof Optional)) {
                out.writeByte(1);
            }
        }
        return out.toBytes();
    }

    private void turnInCircles() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        Map<Object, Object> map = new HashMap<>();
        map.put("itself", map);
        Object[] array = new Object[1];
        array[0] = array;
        for (Object circle : List.of(Optional.of(array), array)) {
            require(isRefused(() -> encode(kryo, new Anything(circle))));
        }
        require(isRefused(() -> encode(kryo, new Anything(list))));
        require(isRefused(() -> encode(kryo, new Anything(map))));
        require(isRefused(() -> encode(json, new Anything(list))));
        require(isRefused(() -> encode(json, new Anything(map))));
    }

    private static byte[] head(int number, int claim, boolean asText) {
        Output out = new Output(16);
        out.writeVarInt(number, true);
        claim(out, claim, asText);
        return out.toBytes();
    }

    private static byte[] afterFiller(int before, int filler, int claim) {
        Output out = new Output(HEAD_BYTES + 16);
        for (int i = 0; i < before; i++) {
            out.writeByte(filler);
        }
        claim(out, claim, before % 2 == 0);
        return out.toBytes();
    }

    /** Texts have a flag in the first byte of their length. */
    private static void claim(Output out, int claim, boolean asText) {
        if (asText) {
            out.writeVarIntFlag(true, claim, true);
        } else {
            out.writeVarInt(claim, true);
        }
    }

    private void offer(Class<? extends Message> type, byte[] payload) {
        if (isRefused(() -> decode(kryo, type, payload))) {
            refused++;
        } else {
            accepted++;
        }
    }

    private interface Attempt {
        Object run() throws Exception;
    }

    /** An error such as running out of memory or of stack passes through. */
    private static boolean isRefused(Attempt attempt) {
        try {
            attempt.run();
            return false;
        } catch (Exception expected) {
            return true;
        }
    }

    private static Message decode(Codec codec, Class<? extends Message> type, byte[] payload) throws IOException {
        return codec.decode(type, payload, 0, payload.length);
    }

    private static byte[] encode(Codec codec, Message message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.encode(message, out);
        return out.toByteArray();
    }

    private static void require(boolean fact) {
        if (!fact) {
            throw new AssertionError("not as it has to be");
        }
    }
}
