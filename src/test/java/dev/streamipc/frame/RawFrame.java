package dev.streamipc.frame;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** A frame built by hand, right or wrong, with nothing of the code under test. */
record RawFrame(int word, long id, int salt, byte[] payload) {

    static final int SALT = 0x9C01D7E2;
    private static final int MAGIC = 0xFAC1F5FD;

    static RawFrame of(Kind kind) {
        return new RawFrame(1 << 24 | kind.number() << 16, 0, kind == Kind.HELLO ? 0 : SALT, new byte[0]);
    }

    /** A request with the CRC of its payload, as on stdio. */
    static RawFrame request(long id, byte[] payload) {
        return of(Kind.REQUEST).flags(Flags.PAYLOAD_CRC).id(id).payload(payload);
    }

    RawFrame version(int version) {
        return new RawFrame(word & 0xFFFFFF | version << 24, id, salt, payload);
    }

    RawFrame kind(int number) {
        return new RawFrame(word & 0xFF00FFFF | number << 16, id, salt, payload);
    }

    RawFrame flags(int flags) {
        return new RawFrame(word & 0xFFFF0000 | flags, id, salt, payload);
    }

    RawFrame id(long id) {
        return new RawFrame(word, id, salt, payload);
    }

    RawFrame salt(int salt) {
        return new RawFrame(word, id, salt, payload);
    }

    RawFrame payload(byte[] payload) {
        return new RawFrame(word, id, salt, payload);
    }

    byte[] header() {
        return header(payload.length);
    }

    /** A header that claims a length, unsigned. */
    byte[] header(int lengthBytes) {
        ByteBuffer header = ByteBuffer.allocate(24);
        header.putInt(MAGIC).putInt(word).putLong(id).putInt(lengthBytes);
        CRC32 crc = new CRC32();
        crc.update(ByteBuffer.allocate(4).putInt(salt).flip());
        crc.update(header.array(), 0, 20);
        return header.putInt((int) crc.getValue()).array();
    }

    byte[] bytes() {
        boolean checked = (word & 1) != 0;
        ByteBuffer frame = ByteBuffer.allocate(24 + payload.length + (checked ? 4 : 0));
        frame.put(header()).put(payload);
        if (checked) {
            CRC32 crc = new CRC32();
            crc.update(payload);
            frame.putInt((int) crc.getValue());
        }
        return frame.array();
    }

    /** What a {@link RecordingSink} notes when this frame comes in whole. */
    String seen() {
        Kind kind = Kind.of(word >>> 16 & 0xFF);
        return RecordingSink.frameEvent(String.valueOf(kind), word & 0xFFFF, id, payload);
    }

    /** What a {@link RecordingSink} notes when the payload of this frame is damaged. */
    String seenDamaged() {
        return RecordingSink.damagedEvent(String.valueOf(Kind.of(word >>> 16 & 0xFF)), word & 0xFFFF, id);
    }
}
