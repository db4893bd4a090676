package dev.streamipc.faults;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;

/** The messages of the fault rows that need no fault inside. */
final class Talk {

    private Talk() {}

    record Ask(String text) implements Request<Answer> {}

    record Answer(String text) implements Message {}

    record Note(int number) implements Message {}

    record Blob(byte[] bytes) implements Request<BlobBack> {}

    record BlobBack(byte[] bytes) implements Message {}

    static MessageSerializer serializer(Combo combo) {
        return combo.serializer().equals("kryo") ? new KryoMessageSerializer() : new JsonMessageSerializer();
    }

    static final Class<?>[] ALL = {Ask.class, Answer.class, Note.class, Blob.class, BlobBack.class};
}
