package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.KryoException;
import dev.streamipc.message.Message;
import dev.streamipc.serial.AttachmentsIn;
import dev.streamipc.serial.AttachmentsOut;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.SharedTypes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds one sink and one source for all messages of a thread, from the first that needs it; each message starts on them anew.
 */
final class KryoCodec implements MessageSerializer.Codec {

    private static final MessageSerializer.Body NOTHING =
            new MessageSerializer.Body(ByteBuffer.allocate(0), AttachmentsIn.of(List.of()));
    private static final OutputStream NOWHERE = OutputStream.nullOutputStream();

    private final SharedTypes types;
    private final Map<Class<?>, RecordForm> forms;
    /** Many codecs only write, and others only read. */
    private @Nullable Sink ownSink;

    private @Nullable Source ownSource;

    KryoCodec(SharedTypes types) {
        this.types = types;
        this.forms = new Forms(types).ofRecords();
    }

    @Override
    public void encode(Message message, OutputStream out) throws IOException {
        encode(message, out, AttachmentsOut.NONE);
    }

    @Override
    public void encode(Message message, OutputStream out, AttachmentsOut attachments) throws IOException {
        Form form = form(message.getClass());
        Sink sink = sink();
        sink.open(out, attachments);
        try {
            form.write(sink, message);
            sink.flush();
        } catch (KryoException e) {
            // The sink has no other way to hand on what the stream threw.
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        } finally {
            sink.open(NOWHERE, AttachmentsOut.NONE);
        }
    }

    @Override
    public Message decode(Class<? extends Message> type, byte[] payload, int offset, int length) throws IOException {
        return decode(
                type,
                new MessageSerializer.Body(ByteBuffer.wrap(payload, offset, length), AttachmentsIn.of(List.of())));
    }

    @Override
    public Message decode(Class<? extends Message> type, MessageSerializer.Body body) throws IOException {
        Form form = form(type);
        Source source = source();
        source.open(body);
        try {
            Message message = type.cast(form.read(source));
            if (source.bytesLeft() != 0) {
                throw new IOException("bytes behind the message: type=" + type.getName() + ", bytesLeft="
                        + source.bytesLeft() + ", payloadBytes=" + body.bytes().remaining());
            }
            return message;
        } finally {
            source.open(NOTHING);
        }
    }

    private Sink sink() {
        Sink sink = ownSink;
        if (sink == null) {
            sink = new Sink();
            ownSink = sink;
        }
        return sink;
    }

    private Source source() {
        Source source = ownSource;
        if (source == null) {
            source = new Source();
            ownSource = source;
        }
        return source;
    }

    private Form form(Class<?> type) throws IOException {
        Form form = forms.get(type);
        if (form == null) {
            throw new IOException("not a message of this session: " + types.whyNotShared(type));
        }
        return form;
    }
}
