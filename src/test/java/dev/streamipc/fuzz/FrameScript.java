package dev.streamipc.fuzz;

import dev.streamipc.frame.Flags;
import dev.streamipc.frame.FrameEncoder;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.Kind;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Makes a stream of frames as a script says: whole ones, damaged and torn ones, chunks, and bytes of others. */
final class FrameScript {

    static final int SALT = 0x5EED_5A17;

    private static final int MAX_STREAM_BYTES = 1 << 17;
    private static final int VERSION_BIT = 24;
    private static final int KIND_BIT = 16;

    private final Script script;
    private final FrameEncoder encoder = new FrameEncoder(SALT);
    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();

    private FrameScript(Script script) {
        this.script = script;
    }

    static byte[] stream(Script script) {
        FrameScript made = new FrameScript(script);
        while (script.hasMore() && made.stream.size() < MAX_STREAM_BYTES) {
            made.step(script.below(7));
        }
        return made.stream.toByteArray();
    }

    private void step(int choice) {
        switch (choice) {
            case 0 -> stream.writeBytes(script.bytes(script.next()));
            case 1 -> stream.writeBytes(frame(payload()));
            case 2 -> stream.writeBytes(damaged(frame(payload())));
            case 3 -> stream.writeBytes(claiming());
            case 4 -> chunks(frame(payload()));
            case 5 -> stream.writeBytes(torn(frame(payload())));
            default -> stream.writeBytes(frame(new byte[script.next() << 7]));
        }
    }

    private byte[] payload() {
        return script.bytes(script.next());
    }

    /** A header with a good checksum, whatever it says. */
    private byte[] frame(byte[] payload) {
        byte[] frame = new byte[FrameHeader.LENGTH_BYTES + payload.length + FrameHeader.CRC_LENGTH_BYTES];
        System.arraycopy(payload, 0, frame, FrameHeader.LENGTH_BYTES, payload.length);
        return Arrays.copyOf(frame, encoder.seal(frame, payload.length, word(), id()));
    }

    private int word() {
        int kind = script.below(Kind.values().length + 2);
        int flags = script.next();
        int version = (flags & 0x20) != 0 && kind > Kind.CHUNK.number() ? 2 : 1;
        return version << VERSION_BIT | kind << KIND_BIT | flags;
    }

    private long id() {
        return (long) (byte) script.next() << (script.below(2) * 56);
    }

    private byte[] damaged(byte[] frame) {
        frame[script.next() % frame.length] ^= (byte) (1 << script.below(8));
        return frame;
    }

    private byte[] torn(byte[] frame) {
        return Arrays.copyOf(frame, script.next() % frame.length);
    }

    /** A good header in front of more or fewer bytes than it claims. */
    private byte[] claiming() {
        byte[] header = new byte[FrameHeader.LENGTH_BYTES];
        int length = script.next() << script.below(25);
        encoder.seal(header, length, word() & ~Flags.PAYLOAD_CRC, id());
        return header;
    }

    /** A frame in chunks, of which one may be missing, damaged or the last that comes. */
    private void chunks(byte[] message) {
        int pieceBytes = 1 + script.next();
        long number = script.below(6);
        int oddOne = script.next();
        int how = script.below(4);
        for (int at = 0, turn = 0; at < message.length; at += pieceBytes, turn++) {
            int first = at == 0 ? Flags.FIRST_CHUNK : 0;
            int last = at + pieceBytes >= message.length ? Flags.LAST_CHUNK : 0;
            byte[] piece = Arrays.copyOfRange(message, at, Math.min(message.length, at + pieceBytes));
            byte[] chunk = chunk(piece, first | last, number);
            if (turn != oddOne || how == 0) {
                stream.writeBytes(chunk);
            } else if (how == 1) {
                stream.writeBytes(damaged(chunk));
            } else if (how == 2) {
                stream.writeBytes(chunk(new byte[0], Flags.ABANDONED, number));
                return;
            }
        }
    }

    private byte[] chunk(byte[] piece, int flags, long number) {
        byte[] frame = new byte[FrameHeader.LENGTH_BYTES + piece.length + FrameHeader.CRC_LENGTH_BYTES];
        System.arraycopy(piece, 0, frame, FrameHeader.LENGTH_BYTES, piece.length);
        return Arrays.copyOf(
                frame, encoder.seal(frame, piece.length, Kind.CHUNK.with(flags | Flags.PAYLOAD_CRC), number));
    }
}
