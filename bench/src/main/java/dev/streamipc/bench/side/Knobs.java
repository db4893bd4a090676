package dev.streamipc.bench.side;

import dev.streamipc.process.Child;
import dev.streamipc.session.IpcPeer;

/** The knobs that rows name. One that this version of the library does not have makes its row a missing one. */
final class Knobs {

    private Knobs() {}

    static void lowLatency(IpcPeer.Builder builder) {
        turn(builder, "lowLatency");
    }

    static Child sharedMemory(Child child) {
        return (Child) turn(child, "sharedMemory");
    }

    private static Object turn(Object builder, String knob) {
        try {
            return builder.getClass().getMethod(knob).invoke(builder);
        } catch (ReflectiveOperationException e) {
            Turns.lack("this version has no " + knob + "()");
            throw new IllegalStateException(e);
        }
    }
}
