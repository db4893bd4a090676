package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.streamipc.message.Message;
import dev.streamipc.serial.AttachmentsIn;
import dev.streamipc.serial.AttachmentsOut;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.SharedTypes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes the messages of one thread. */
final class JsonCodec implements MessageSerializer.Codec {

    private static final AttachmentsIn NONE = AttachmentsIn.of(List.of());

    private final SharedTypes types;
    private final ObjectMapper mapper;
    private final AttachmentJson.Message current = new AttachmentJson.Message();
    private final Map<Class<?>, ObjectReader> readers = new HashMap<>();
    private final Map<Class<?>, ObjectWriter> writers = new HashMap<>();

    JsonCodec(SharedTypes types, JsonFormat format) {
        this.types = types;
        this.mapper = format.mapper();
    }

    @Override
    public void encode(Message message, OutputStream out) throws IOException {
        encode(message, out, AttachmentsOut.NONE);
    }

    @Override
    public void encode(Message message, OutputStream out, AttachmentsOut attachments) throws IOException {
        ObjectWriter writer = writers.get(message.getClass());
        if (writer == null) {
            writer = mapper.writerFor(checked(message.getClass())).withAttribute(AttachmentJson.Message.KEY, current);
            writers.put(message.getClass(), writer);
        }
        try (JsonGenerator generator = new FiniteGenerator(mapper.createGenerator(out))) {
            current.out = attachments;
            writer.writeValue(generator, message);
        } finally {
            current.out = AttachmentsOut.NONE;
        }
    }

    @Override
    public Message decode(Class<? extends Message> type, byte[] payload, int offset, int length) throws IOException {
        return decode(type, new MessageSerializer.Body(ByteBuffer.wrap(payload, offset, length), NONE));
    }

    @Override
    public Message decode(Class<? extends Message> type, MessageSerializer.Body body) throws IOException {
        ObjectReader reader = readers.get(type);
        if (reader == null) {
            reader = mapper.readerFor(checked(type)).withAttribute(AttachmentJson.Message.KEY, current);
            readers.put(type, reader);
        }
        byte[] bytes = body.bytes().array();
        int offset = body.bytes().arrayOffset() + body.bytes().position();
        int length = body.bytes().remaining();
        Utf8.check(bytes, offset, length);
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        current.in = body.attachments();
        Message message;
        try {
            message = type.cast(read(reader, text));
        } finally {
            current.in = NONE;
        }
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
