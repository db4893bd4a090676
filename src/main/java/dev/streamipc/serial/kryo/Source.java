package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import dev.streamipc.message.Attachment;
import dev.streamipc.serial.AttachmentsIn;
import dev.streamipc.serial.MessageSerializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What forms read from: the payload in place. Kryo believes any length that it reads, so that six bytes can claim an
 * array of a billion; here every length is held against the bytes that are left before anything is allocated.
 */
final class Source extends Input {

    private static final int KEPT_CHARS = 1 << 16;

    private final Depth depth = new Depth();
    private AttachmentsIn attachments = AttachmentsIn.of(List.of());

    /** Forgets whatever a failed message left behind, and reads the payload from now on. */
    void open(MessageSerializer.Body body) {
        attachments = body.attachments();
        ByteBuffer bytes = body.bytes();
        setBuffer(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        depth.reset();
        if (chars.length > KEPT_CHARS) {
            chars = new char[KEPT_CHARS];
        }
    }

    int bytesLeft() {
        return limit - position;
    }

    /** Reads a number of elements of which each takes at least so many bytes. */
    int count(int bytesEach) {
        int elements = readVarInt(true);
        if (elements < 0 || elements > bytesLeft() / bytesEach) {
            throw tooLong(elements);
        }
        return elements;
    }

    @Override
    public @Nullable String readString() {
        if (position < limit && buffer[position] < 0) {
            int start = position;
            int charsAndOne = readVarIntFlag(true);
            if (charsAndOne < 0 || charsAndOne - 1 > bytesLeft()) {
                throw tooLong(charsAndOne - 1);
            }
            position = start;
        }
        return super.readString();
    }

    Attachment attachment() {
        try {
            return attachments.take(readVarInt(true));
        } catch (IOException e) {
            throw new KryoException(e);
        }
    }

    void enter() {
        depth.enter();
    }

    void leave() {
        depth.leave();
    }

    private KryoException tooLong(int claimed) {
        return new KryoException("claimed length is over the payload: claimed=" + Integer.toUnsignedString(claimed)
                + ", bytesLeft=" + bytesLeft());
    }
}
