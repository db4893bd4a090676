package dev.streamipc.bench.jmh;

import dev.streamipc.message.Message;
import dev.streamipc.serial.MessageSerializer.Codec;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A message to bytes and back. */
@State(Scope.Thread)
public class Codecs {

    /** The serializer. */
    @Param({"kryo", "json"})
    public String serializer;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1_024);
    private final Sample sample = Sample.of();
    private Codec codec;
    private byte[] bytes;

    /** Made by JMH. */
    public Codecs() {}

    /** Encodes once. */
    @Setup
    public void setUp() throws IOException {
        codec = Sample.codec(serializer.equals("kryo") ? new KryoMessageSerializer() : new JsonMessageSerializer());
        encode();
        bytes = out.toByteArray();
    }

    /** Measures. */
    @Benchmark
    public int encode() throws IOException {
        out.reset();
        codec.encode(sample, out);
        return out.size();
    }

    /** Measures. */
    @Benchmark
    public Message decode() throws IOException {
        return codec.decode(Sample.class, bytes, 0, bytes.length);
    }
}
