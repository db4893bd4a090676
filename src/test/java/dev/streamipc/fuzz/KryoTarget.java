package dev.streamipc.fuzz;

import dev.streamipc.serial.kryo.KryoMessageSerializer;

/** Payloads of the binary serializer, which hands on what the JDK throws for a date or a key that is none. */
public final class KryoTarget {

    static final Payloads PAYLOADS = new Payloads(new KryoMessageSerializer(), Exception.class);

    private KryoTarget() {}

    /** Loads what is used, which is not the cost of an input. */
    public static void fuzzerInitialize() {
        PAYLOADS.seeds().forEach(KryoTarget::fuzzerTestOneInput);
    }

    /** Takes one input. */
    public static void fuzzerTestOneInput(byte[] input) {
        PAYLOADS.take(input);
    }
}
