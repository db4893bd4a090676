package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.KryoException;
import org.jspecify.annotations.Nullable;

/** Knows the bytes of one kind of value. */
abstract class Form {

    private static final int NULL = 0;
    private static final int VALUE = 1;

    abstract void write(Sink out, Object value);

    abstract Object read(Source in);

    /** Takes at least one byte, so that a claimed number of elements can be held against the bytes left. */
    void writeNullable(Sink out, @Nullable Object value) {
        out.writeByte(value == null ? NULL : VALUE);
        if (value != null) {
            write(out, value);
        }
    }

    @Nullable
    Object readNullable(Source in) {
        int flag = in.readByte();
        if (flag != NULL && flag != VALUE) {
            throw new KryoException("null or value expected: flag=" + flag);
        }
        return flag == NULL ? null : read(in);
    }
}
