package dev.streamipc.faults;

import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;

/** The serializer of a combo. */
final class Serializers {

    private Serializers() {}

    static MessageSerializer of(Combo combo) {
        return combo.serializer().equals("kryo") ? new KryoMessageSerializer() : new JsonMessageSerializer();
    }
}
