package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.KryoException;
import dev.streamipc.serial.Patterns;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values that few messages have. Nothing here asks a name server: an address travels as its bytes. */
final class RareForm extends Form {

    /** The order is part of the format. */
    enum Kind {
        BYTE_BUFFER(ByteBuffer.class),
        PATTERN(Pattern.class),
        ADDRESS(InetAddress.class),
        SOCKET_ADDRESS(InetSocketAddress.class);

        final Class<?> type;

        Kind(Class<?> type) {
            this.type = type;
        }
    }

    private static final int CHUNK_BYTES = 4096;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int NO_SCOPE = -1;

    private final Kind kind;

    RareForm(Kind kind) {
        this.kind = kind;
    }

    @Override
    void write(Sink out, Object value) {
        switch (kind) {
            case BYTE_BUFFER -> buffer(out, ((ByteBuffer) value).duplicate());
            case PATTERN -> {
                Pattern pattern = Patterns.checked((Pattern) value);
                out.writeVarInt(pattern.flags(), true);
                out.writeString(pattern.pattern());
            }
            case ADDRESS -> address(out, (InetAddress) value);
            default -> {
                InetSocketAddress socket = (InetSocketAddress) value;
                out.writeVarInt(socket.getPort(), true);
                out.writeBoolean(socket.isUnresolved());
                if (socket.isUnresolved()) {
                    out.writeString(socket.getHostString());
                } else {
                    address(out, socket.getAddress());
                }
            }
        }
    }

    @Override
    Object read(Source in) {
        return switch (kind) {
            case BYTE_BUFFER -> ByteBuffer.wrap(in.readBytes(in.count(Byte.BYTES)));
            case PATTERN -> {
                int flags = in.readVarInt(true);
                yield Patterns.compile(text(in), flags);
            }
            case ADDRESS -> address(in);
            default -> {
                int port = in.readVarInt(true);
                yield in.readBoolean()
                        ? InetSocketAddress.createUnresolved(text(in), port)
                        : new InetSocketAddress(address(in), port);
            }
        };
    }

    /** In chunks: a direct buffer may be larger than the heap, and the message is refused once it is over the limit. */
    private static void buffer(Sink out, ByteBuffer left) {
        out.count(left.remaining());
        byte[] chunk = new byte[Math.min(left.remaining(), CHUNK_BYTES)];
        while (left.hasRemaining()) {
            int length = Math.min(left.remaining(), CHUNK_BYTES);
            left.get(chunk, 0, length);
            out.writeBytes(chunk, 0, length);
        }
    }

    private static void address(Sink out, InetAddress address) {
        byte[] bytes = address.getAddress();
        out.writeByte(bytes.length);
        out.writeBytes(bytes);
        if (address instanceof Inet6Address ipv6) {
            out.writeVarInt(ipv6.getScopeId(), true);
        }
        // The address itself would look its name up.
        String host = new InetSocketAddress(address, 0).getHostString();
        out.writeString(host.equals(address.getHostAddress()) ? null : host);
    }

    private static InetAddress address(Source in) {
        int length = in.readByte();
        if (length != IPV4_BYTES && length != IPV6_BYTES) {
            throw new KryoException("network address of 4 or 16 bytes expected: bytes=" + length);
        }
        byte[] bytes = in.readBytes(length);
        try {
            if (length == IPV4_BYTES) {
                return InetAddress.getByAddress(in.readString(), bytes);
            }
            int scope = in.readVarInt(true);
            @Nullable String host = in.readString();
            return Inet6Address.getByAddress(host, bytes, scope > 0 ? scope : NO_SCOPE);
        } catch (UnknownHostException e) {
            throw new KryoException(e);
        }
    }

    private static String text(Source in) {
        String text = in.readString();
        if (text == null) {
            throw new KryoException("text is missing");
        }
        return text;
    }
}
