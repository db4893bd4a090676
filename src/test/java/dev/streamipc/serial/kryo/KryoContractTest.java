package dev.streamipc.serial.kryo;

import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.MessageSerializerContract;

final class KryoContractTest extends MessageSerializerContract {

    @Override
    protected MessageSerializer serializer() {
        return new KryoMessageSerializer();
    }
}
