package dev.streamipc.serial.kryo;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.BitSet;
import java.util.Date;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Values that are made of numbers. One class for all of them: a class for each would cost a child's start. */
@SuppressWarnings("JavaUtilDate") // users still have such values
final class NumberForm extends Form {

    /** The order is part of the format. */
    enum Kind {
        BOOLEAN(Boolean.class),
        BYTE(Byte.class),
        SHORT(Short.class),
        CHARACTER(Character.class),
        INTEGER(Integer.class),
        LONG(Long.class),
        FLOAT(Float.class),
        DOUBLE(Double.class),
        BIG_INTEGER(BigInteger.class),
        BIG_DECIMAL(BigDecimal.class),
        UNIQUE_ID(UUID.class),
        BIT_SET(BitSet.class),
        DATE(Date.class),
        ATOMIC_BOOLEAN(AtomicBoolean.class),
        ATOMIC_INTEGER(AtomicInteger.class),
        ATOMIC_LONG(AtomicLong.class);

        final Class<?> type;

        Kind(Class<?> type) {
            this.type = type;
        }
    }

    private final Kind kind;

    NumberForm(Kind kind) {
        this.kind = kind;
    }

    @Override
    void write(Sink out, Object value) {
        switch (kind) {
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case BYTE -> out.writeByte((Byte) value);
            case SHORT -> out.writeShort((Short) value);
            case CHARACTER -> out.writeChar((Character) value);
            case INTEGER -> out.writeVarInt((Integer) value, false);
            case LONG -> out.writeVarLong((Long) value, false);
            case FLOAT -> out.writeFloat((Float) value);
            case DOUBLE -> out.writeDouble((Double) value);
            default -> writeObject(out, value);
        }
    }

    private void writeObject(Sink out, Object value) {
        switch (kind) {
            case BIG_INTEGER -> bytes(out, ((BigInteger) value).toByteArray());
            case BIG_DECIMAL -> {
                out.writeVarInt(((BigDecimal) value).scale(), false);
                bytes(out, ((BigDecimal) value).unscaledValue().toByteArray());
            }
            case UNIQUE_ID -> {
                out.writeLong(((UUID) value).getMostSignificantBits());
                out.writeLong(((UUID) value).getLeastSignificantBits());
            }
            case BIT_SET -> bytes(out, ((BitSet) value).toByteArray());
            case DATE -> out.writeVarLong(((Date) value).getTime(), false);
            case ATOMIC_BOOLEAN -> out.writeBoolean(((AtomicBoolean) value).get());
            case ATOMIC_INTEGER -> out.writeVarInt(((AtomicInteger) value).get(), false);
            default -> out.writeVarLong(((AtomicLong) value).get(), false);
        }
    }

    @Override
    Object read(Source in) {
        return switch (kind) {
            case BOOLEAN -> in.readBoolean();
            case BYTE -> in.readByte();
            case SHORT -> in.readShort();
            case CHARACTER -> in.readChar();
            case INTEGER -> in.readVarInt(false);
            case LONG -> in.readVarLong(false);
            case FLOAT -> in.readFloat();
            case DOUBLE -> in.readDouble();
            default -> readObject(in);
        };
    }

    private Object readObject(Source in) {
        return switch (kind) {
            case BIG_INTEGER -> new BigInteger(bytes(in));
            case BIG_DECIMAL -> {
                int scale = in.readVarInt(false);
                yield new BigDecimal(new BigInteger(bytes(in)), scale);
            }
            case UNIQUE_ID -> new UUID(in.readLong(), in.readLong());
            case BIT_SET -> BitSet.valueOf(bytes(in));
            case DATE -> new Date(in.readVarLong(false));
            case ATOMIC_BOOLEAN -> new AtomicBoolean(in.readBoolean());
            case ATOMIC_INTEGER -> new AtomicInteger(in.readVarInt(false));
            default -> new AtomicLong(in.readVarLong(false));
        };
    }

    private static void bytes(Sink out, byte[] bytes) {
        out.count(bytes.length);
        out.writeBytes(bytes);
    }

    private static byte[] bytes(Source in) {
        return in.readBytes(in.count(1));
    }
}
