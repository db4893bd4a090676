package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.KryoException;
import org.jspecify.annotations.Nullable;

/**
 * A value whose class stands before it as a number. Only classes that fit where the value stands have a form here, so
 * that no payload can put a value of a wrong class into a field, a list or a map.
 */
final class AnyForm extends Form {

    private final ClassIds ids;
    private final Class<?> bound;
    private final @Nullable Form[] forms;
    private @Nullable Class<?> lastType;
    private int lastId;

    /** Keeps the array, which may still be filled afterwards: forms by number, null where a class does not fit. */
    AnyForm(ClassIds ids, Class<?> bound, @Nullable Form[] forms) {
        this.ids = ids;
        this.bound = bound;
        this.forms = forms;
    }

    @Override
    void write(Sink out, Object value) {
        Class<?> type = value.getClass();
        if (type != lastType) {
            lastId = ids.idOf(type);
            lastType = type;
        }
        Form form = forms[lastId];
        if (form == null) {
            throw new KryoException("value can't be written as " + bound.getName() + ": " + ids.whyUnknown(type));
        }
        out.writeVarInt(lastId, true);
        form.write(out, value);
    }

    @Override
    Object read(Source in) {
        Object value = readNullable(in);
        if (value == null) {
            throw new KryoException("value is missing: type=" + bound.getName());
        }
        return value;
    }

    @Override
    void writeNullable(Sink out, @Nullable Object value) {
        if (value == null) {
            out.writeVarInt(ClassIds.NONE, true);
        } else {
            write(out, value);
        }
    }

    @Override
    @Nullable
    Object readNullable(Source in) {
        int id = in.readVarInt(true);
        if (id == ClassIds.NONE) {
            return null;
        }
        Form form = id > 0 && id < forms.length ? forms[id] : null;
        if (form == null) {
            throw new KryoException("no class with this number fits here: number=" + id + ", type=" + bound.getName());
        }
        return form.read(in);
    }
}
