package dev.streamipc.serial.json;

import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.MessageSerializerContract;

final class JsonContractTest extends MessageSerializerContract {

    @Override
    protected MessageSerializer serializer() {
        return new JsonMessageSerializer();
    }
}
