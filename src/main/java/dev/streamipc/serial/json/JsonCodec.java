package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.streamipc.message.Message;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.SharedTypes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Reads and writes the messages of one thread. */
final class JsonCodec implements MessageSerializer.Codec {

    private final SharedTypes types;
    private final ObjectMapper mapper;
    private final Map<Class<?>, ObjectReader> readers = new HashMap<>();
    private final Map<Class<?>, ObjectWriter> writers = new HashMap<>();

    JsonCodec(SharedTypes types, JsonFormat format) {
        this.types = types;
        this.mapper = format.mapper();
    }

    @Override
    public void encode(Message message, OutputStream out) throws IOException {
        ObjectWriter writer = writers.get(message.getClass());
        if (writer == null) {
            writer = mapper.writerFor(checked(message.getClass()));
            writers.put(message.getClass(), writer);
        }
        try (JsonGenerator generator = new FiniteGenerator(mapper.createGenerator(out))) {
            writer.writeValue(generator, message);
        }
    }

    @Override
    public Message decode(Class<? extends Message> type, byte[] payload, int offset, int length) throws IOException {
        ObjectReader reader = readers.get(type);
        if (reader == null) {
            reader = mapper.readerFor(checked(type));
            readers.put(type, reader);
        }
        Utf8.check(payload, offset, length);
        String text = new String(payload, offset, length, StandardCharsets.UTF_8);
        Message message = type.cast(read(reader, text));
        if (message == null) {
            throw new IOException("JSON object expected: got=null, type=" + type.getName());
        }
        return message;
    }

    /** Leaves out where Jackson says that it says nothing: its second line. */
    private static Object read(ObjectReader reader, String text) throws IOException {
        try {
            return reader.readValue(text);
        } catch (JsonProcessingException malformed) {
            throw new IOException("malformed JSON: " + malformed.getOriginalMessage(), malformed);
        } catch (RuntimeException malformed) {
            // of a number whose exponent it can't hold
            throw new IOException("malformed JSON: " + malformed.getMessage(), malformed);
        }
    }

    private Class<?> checked(Class<?> type) throws IOException {
        if (types.numberOf(type) < 0) {
            throw new IOException("not a message of this session: " + types.whyNotShared(type));
        }
        return type;
    }
}
