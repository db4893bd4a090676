package dev.streamipc.serial;

import dev.streamipc.message.LogMessage;
import dev.streamipc.message.Message;
import dev.streamipc.serial.SampleMessages.Bytes;
import dev.streamipc.serial.SampleMessages.Empty;
import dev.streamipc.serial.SampleMessages.Small;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A serializer as a user would write it for three types of his own. */
final class OwnSerializerTest extends MessageSerializerContract {

    @Override
    protected MessageSerializer serializer() {
        return new OwnSerializer();
    }

    @Override
    protected List<Class<?>> types() {
        return List.of(Empty.class, Small.class, Bytes.class);
    }

    @Override
    protected List<Message> messages() {
        return List.of(new Empty(), new Small("text", 1, 2));
    }

    private static final class OwnSerializer implements MessageSerializer {

        @Override
        public String name() {
            return "own-1";
        }

        @Override
        public Codec codec(SharedTypes types) {
            return new OwnCodec();
        }
    }

    private static final class OwnCodec implements MessageSerializer.Codec {

        @Override
        public void encode(Message message, OutputStream out) throws IOException {
            DataOutputStream data = new DataOutputStream(out);
            if (message instanceof Small small) {
                data.writeUTF(small.text());
                data.writeLong(small.first());
                data.writeLong(small.second());
            } else if (message instanceof Bytes bytes) {
                data.write(bytes.bytes());
            } else if (message instanceof LogMessage log) {
                data.writeUTF(log.level().name());
                data.writeUTF(log.message());
            } else if (!(message instanceof Empty)) {
                throw new IOException("no such type here");
            }
        }

        @Override
        public Message decode(Class<? extends Message> type, byte[] payload, int offset, int length)
                throws IOException {
            DataInputStream data = new DataInputStream(new ByteArrayInputStream(payload, offset, length));
            Message message = read(type, data);
            if (data.read() >= 0) {
                throw new IOException("bytes behind the message");
            }
            return message;
        }

        private static Message read(Class<?> type, DataInputStream data) throws IOException {
            if (type == Small.class) {
                return new Small(data.readUTF(), data.readLong(), data.readLong());
            }
            if (type == LogMessage.class) {
                System.Logger.Level level = System.Logger.Level.valueOf(data.readUTF());
                return new LogMessage(data.readUTF(), level);
            }
            if (type == Empty.class) {
                return new Empty();
            }
            if (type == Bytes.class) {
                return new Bytes(data.readAllBytes());
            }
            throw new IOException("no such type here");
        }
    }
}
