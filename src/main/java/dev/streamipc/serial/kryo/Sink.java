package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Output;
import dev.streamipc.message.Attachment;
import dev.streamipc.serial.AttachmentsOut;
import java.io.IOException;
import java.io.OutputStream;

/** Where forms write to: a buffer of fixed size that empties into a stream and never flushes that stream. */
final class Sink extends Output {

    private static final int BUFFER_BYTES = 1_024;

    private final Depth depth = new Depth();
    private AttachmentsOut attachments = AttachmentsOut.NONE;

    Sink() {
        super(BUFFER_BYTES, BUFFER_BYTES);
    }

    /** Forgets whatever a failed message left behind, and writes to {@code out} from now on. */
    void open(OutputStream out, AttachmentsOut taker) {
        attachments = taker;
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

    void attachment(Attachment attachment) {
        try {
            writeVarInt(attachments.add(attachment), true);
        } catch (IOException e) {
            throw new KryoException(e);
        }
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
