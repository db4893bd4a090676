package dev.streamipc.frame;

import java.util.zip.CRC32;

/**
 * Turns payloads into frames of one sender, in place. Immutable: any thread may use it, on buffers of its own.
 *
 * <p>A payload is written behind {@link FrameHeader#LENGTH_BYTES} free bytes; {@link #seal} then fills in what is
 * around it. Nothing is copied.
 */
public final class FrameEncoder {

    private static final int HELLO_STATE = HeaderCrc.stateAfter(0);

    private final int saltState;

    /**
     * Makes the encoder of a sender.
     *
     * @param salt the four bytes that its HELLO tells; HELLO itself is sealed with zero by any encoder
     */
    public FrameEncoder(int salt) {
        this.saltState = HeaderCrc.stateAfter(salt);
    }

    /**
     * Writes the header at index 0 and, if the flags ask for it, the CRC behind the payload. Never blocks. It checks
     * neither the id nor the other side's limit; that is for the caller to do.
     *
     * @param frame has the payload from index {@link FrameHeader#LENGTH_BYTES} on, and room for the CRC behind it
     * @param payloadLengthBytes 0 or more
     * @param word version, kind and flags, from {@link Kind#with}
     * @param id all 64 bits of the request id
     * @return length of the frame in bytes
     * @throws IndexOutOfBoundsException if the array is too short
     */
    public int seal(byte[] frame, int payloadLengthBytes, int word, long id) {
        return seal(frame, 0, payloadLengthBytes, new Head(word, id));
    }

    /**
     * What a header says beside the length.
     *
     * @param word version, kind and flags, from {@link Kind#with}
     * @param id all 64 bits of the request id
     */
    public record Head(int word, long id) {}

    /**
     * Writes a header and, if the flags ask for it, a CRC like {@link #seal(byte[], int, int, long)}, anywhere in a buffer.
     *
     * @param buffer has the payload {@link FrameHeader#LENGTH_BYTES} behind the frame's first byte, and room for the CRC
     * @param frameAt index of the frame's first byte
     * @param payloadLengthBytes 0 or more
     * @param head the rest of the header
     * @return length of the frame in bytes
     * @throws IndexOutOfBoundsException if the array is too short
     */
    public int seal(byte[] buffer, int frameAt, int payloadLengthBytes, Head head) {
        FrameHeader.putInt(buffer, frameAt + FrameHeader.MAGIC_OFFSET, FrameHeader.MAGIC);
        FrameHeader.putInt(buffer, frameAt + FrameHeader.WORD_OFFSET, head.word());
        FrameHeader.putId(buffer, frameAt, head.id());
        FrameHeader.putInt(buffer, frameAt + FrameHeader.LENGTH_OFFSET, payloadLengthBytes);
        FrameHeader.putInt(
                buffer, frameAt + FrameHeader.CRC_OFFSET, HeaderCrc.of(stateOf(head.word()), buffer, frameAt));
        int lengthBytes = FrameHeader.LENGTH_BYTES + payloadLengthBytes;
        if ((head.word() & Flags.PAYLOAD_CRC) == 0) {
            return lengthBytes;
        }
        int crc = payloadCrc(buffer, frameAt + FrameHeader.LENGTH_BYTES, payloadLengthBytes);
        FrameHeader.putInt(buffer, frameAt + lengthBytes, crc);
        return lengthBytes + FrameHeader.CRC_LENGTH_BYTES;
    }

    /**
     * Takes a sealed frame back: overwrites its header by one of kind {@link Kind#VOID} with the same id and length.
     * The payload stays, and so does its CRC if it has one; the other flags go.
     *
     * @param buffer holds the frame
     * @param frameAt index of its first byte
     */
    public void voidOut(byte[] buffer, int frameAt) {
        int flags = FrameHeader.flags(buffer, frameAt) & Flags.PAYLOAD_CRC;
        FrameHeader.putInt(buffer, frameAt + FrameHeader.WORD_OFFSET, Kind.VOID.with(flags));
        FrameHeader.putInt(buffer, frameAt + FrameHeader.CRC_OFFSET, HeaderCrc.of(saltState, buffer, frameAt));
    }

    private int stateOf(int word) {
        return (word >>> 16 & 0xFF) == Kind.HELLO.number() ? HELLO_STATE : saltState;
    }

    private static int payloadCrc(byte[] buffer, int payloadAt, int payloadLengthBytes) {
        // does not escape, so compiled code allocates nothing for it, and the encoder stays free of state
        CRC32 crc = new CRC32();
        crc.update(buffer, payloadAt, payloadLengthBytes);
        return (int) crc.getValue();
    }
}
