package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Output;
import java.io.IOException;
import java.io.OutputStream;

/** Where forms write to: a buffer of fixed size that empties into a stream and never flushes that stream. */
final class Sink extends Output {

    private static final int BUFFER_BYTES = 4096;

    private final Depth depth = new Depth();

    Sink() {
        super(BUFFER_BYTES, BUFFER_BYTES);
    }

    /** Forgets whatever a failed message left behind, and writes to {@code out} from now on. */
    void open(OutputStream out) {
        outputStream = out;
        position = 0;
        total = 0;
        depth.reset();
    }

    /** Unlike the original, does not pass the flush on: the frame is not complete yet. */
    @Override
    public void flush() {
        try {
            outputStream.write(buffer, 0, position);
        } catch (IOException e) {
            throw new KryoException(e);
        }
        total += position;
        position = 0;
    }

    void count(int elements) {
        writeVarInt(elements, true);
    }

    void enter() {
        depth.enter();
    }

    void leave() {
        depth.leave();
    }
}
