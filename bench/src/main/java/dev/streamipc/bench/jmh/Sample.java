package dev.streamipc.bench.jmh;

import dev.streamipc.message.Message;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.MessageSerializer.Codec;
import dev.streamipc.serial.TypeRegistry;
import java.util.List;

/** An everyday message. */
public record Sample(int number, String name, double[] values, List<String> words) implements Message {

    static Sample of() {
        return new Sample(
                42,
                "twelve chars",
                new double[] {1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5},
                List.of("alpha", "beta", "gamma"));
    }

    static Codec codec(MessageSerializer serializer) {
        TypeRegistry registry = TypeRegistry.of(List.of(Sample.class));
        return serializer.codec(registry.agree(registry.entries(), serializer.needsEqualShapes()));
    }
}
