package dev.streamipc.faults;

import dev.streamipc.message.Message;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.SharedTypes;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;
import java.io.IOException;
import java.io.OutputStream;

/** A serializer of the house that fails where a message says so. */
record PlantedSerializer(MessageSerializer real) implements MessageSerializer {

    /** What only a codec can do wrong, when it writes. */
    static final String HALF = "half";

    /** What only a codec can do wrong, when it reads. */
    static final String NOTHING = "nothing";

    /** What only a codec can do wrong, when it reads. */
    static final String OTHER_TYPE = "other";

    static PlantedSerializer named(String name) {
        return new PlantedSerializer(name.equals("kryo") ? new KryoMessageSerializer() : new JsonMessageSerializer());
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public boolean needsEqualShapes() {
        return real.needsEqualShapes();
    }

    @Override
    public Codec codec(SharedTypes types) {
        return new PlantedCodec(real.codec(types));
    }

    private record PlantedCodec(Codec real) implements Codec {

        @Override
        public void encode(Message message, OutputStream out) throws IOException {
            if (Planted.at("encode-codec", faultOf(message)).equals(HALF)) {
                out.write(new byte[3]);
                throw new IOException("planted after three bytes in process "
                        + ProcessHandle.current().pid());
            }
            real.encode(message, out);
        }

        @Override
        public Message decode(Class<? extends Message> type, byte[] payload, int offset, int length)
                throws IOException {
            Message message = real.decode(type, payload, offset, length);
            return switch (Planted.at("decode-codec", faultOf(message))) {
                case NOTHING -> null;
                case OTHER_TYPE -> new Talk.Note(1);
                default -> message;
            };
        }

        private static String faultOf(Message message) {
            if (message instanceof Fickle fickle) {
                return fickle.fault();
            }
            return message instanceof Fickle.Back back ? back.fault() : Planted.NONE;
        }
    }
}
