package dev.streamipc.faults;

import dev.streamipc.frame.FrameHeader;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** Headers and frames built by hand, right or wrong in anything but their checksums. */
final class Headers {

    static final int PAYLOAD_CRC = 1;
    private static final int MAGIC = 0xFAC1F5FD;

    private Headers() {}

    /** What stands between magic and length, and the salt of its checksum. */
    record Head(int version, int kind, int flags, long id, int salt) {

        byte[] claiming(int lengthBytes) {
            ByteBuffer header = ByteBuffer.allocate(FrameHeader.LENGTH_BYTES);
            header.putInt(MAGIC).put((byte) version).put((byte) kind).putShort((short) flags);
            header.putLong(id).putInt(lengthBytes);
            CRC32 crc = new CRC32();
            crc.update(ByteBuffer.allocate(4).putInt(salt).flip());
            crc.update(header.array(), 0, header.position());
            return header.putInt((int) crc.getValue()).array();
        }

        byte[] with(byte[] payload) {
            byte[] header = claiming(payload.length);
            int crcBytes = (flags & PAYLOAD_CRC) == 0 ? 0 : FrameHeader.CRC_LENGTH_BYTES;
            ByteBuffer frame = ByteBuffer.allocate(header.length + payload.length + crcBytes);
            frame.put(header).put(payload);
            if (crcBytes > 0) {
                CRC32 crc = new CRC32();
                crc.update(payload);
                frame.putInt((int) crc.getValue());
            }
            return frame.array();
        }
    }
}
