package dev.streamipc.bench.side;

import dev.streamipc.bench.side.Echo.Ask;
import dev.streamipc.process.Child;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** A lone typed call after the other over shared memory, by a caller that polls. */
public final class SharedMemory {

    private static final long PAUSE_NANOS = 2_000_000;

    private SharedMemory() {}

    /** Takes hot, or cold: each call behind a pause in which both sides have gone to sleep. */
    public static void main(String[] words) throws Exception {
        IpcPeer.Builder builder = Echo.peer();
        Knobs.lowLatency(builder);
        Child program = Knobs.sharedMemory(Child.java(Echo.class));
        try (IpcPeer peer = builder.build()) {
            IpcSession child = peer.spawn(program);
            Callable<?> call = () -> child.call(new Ask(1));
            if (words[0].equals("hot")) {
                Turns.answerOne(() -> Timing.p50Micros(call));
            } else {
                Turns.answerOne(() -> Timing.p50Micros(call, () -> LockSupport.parkNanos(PAUSE_NANOS)));
            }
        }
    }
}
