package dev.streamipc.bench.raw;

import dev.streamipc.bench.side.Pin;
import dev.streamipc.bench.side.Timing;
import dev.streamipc.bench.side.Turns;
import java.io.InputStream;
import java.io.OutputStream;

/** A child's stdin and stdout without a library: as many bytes as a small frame has, there and back. */
public final class RawPipe {

    /** A header and a record with a number: what {@link dev.streamipc.bench.side.Echo} puts on the wire. */
    static final int FRAME_BYTES = 36;

    private RawPipe() {}

    /** Measures one round trip after the other. */
    public static void main(String[] words) throws Exception {
        Process child = Jvm.start(RawPong.class, Integer.toString(FRAME_BYTES));
        OutputStream out = child.getOutputStream();
        InputStream in = child.getInputStream();
        Pin.child(child.pid());
        byte[] frame = new byte[FRAME_BYTES];
        Turns.answerOne(() -> Timing.p50Micros(() -> {
            out.write(frame);
            out.flush();
            return in.readNBytes(frame, 0, FRAME_BYTES);
        }));
        child.destroy();
    }
}
