package dev.streamipc.bench.side;

import dev.streamipc.bench.side.Echo.Ask;
import dev.streamipc.process.Child;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;

/** An idle session with a JVM child, which was busy before. */
public final class IdleCpu {

    private static final int CALLS = 2_000;

    private IdleCpu() {}

    /** Takes session, if only its own threads count, or process; and perhaps sharedmemory. */
    public static void main(String[] words) throws Exception {
        IpcPeer.Builder builder = Echo.peer();
        Child program = Child.java(Echo.class);
        if (words.length > 1) {
            program = Knobs.sharedMemory(program);
            Knobs.lowLatency(builder);
        }
        try (IpcPeer peer = builder.build()) {
            IpcSession child = peer.spawn(program);
            for (int number = 0; number < CALLS; number++) {
                child.call(new Ask(number));
            }
            Cpu.answer(child.process().orElseThrow().pid(), words[0].equals("session"));
        }
    }
}
