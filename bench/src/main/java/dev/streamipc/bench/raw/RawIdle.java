package dev.streamipc.bench.raw;

import dev.streamipc.bench.side.Cpu;

/** Two JVMs that have nothing to do, and no library: a JVM by itself is never quite idle. */
public final class RawIdle {

    private RawIdle() {}

    /** Takes nothing. */
    public static void main(String[] words) throws Exception {
        Process child = Jvm.start(RawPong.class, Integer.toString(RawPipe.FRAME_BYTES));
        Cpu.answer(child.pid(), false);
        child.destroy();
    }
}
