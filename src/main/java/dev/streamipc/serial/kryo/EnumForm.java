package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.KryoException;
import org.jspecify.annotations.Nullable;

/** The constant of an enum that both sides share: its position, with 0 for null. */
@SuppressWarnings("EnumOrdinal") // the shapes are equal on both sides, and so are the positions
final class EnumForm extends Form {

    private final Class<?> type;
    private final Object[] constants;

    EnumForm(Class<?> type) {
        this.type = type;
        this.constants = type.getEnumConstants();
    }

    @Override
    void write(Sink out, Object value) {
        out.writeVarInt(((Enum<?>) value).ordinal() + 1, true);
    }

    @Override
    Object read(Source in) {
        Object value = readNullable(in);
        if (value == null) {
            throw refused(0);
        }
        return value;
    }

    @Override
    void writeNullable(Sink out, @Nullable Object value) {
        out.writeVarInt(value == null ? 0 : ((Enum<?>) value).ordinal() + 1, true);
    }

    @Override
    @Nullable
    Object readNullable(Source in) {
        int position = in.readVarInt(true);
        if (position < 0 || position > constants.length) {
            throw refused(position);
        }
        return position == 0 ? null : constants[position - 1];
    }

    private KryoException refused(int position) {
        return new KryoException("no such constant: enum=" + type.getName() + ", position=" + position + ", constants="
                + constants.length);
    }
}
