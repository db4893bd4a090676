package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.KryoException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/**
 * One field of a record. Reflection reads the first values: the first method handles of a JVM take longer (12 ms) than
 * a short-lived child talks.
 */
final class Component {

    private static final int WRITES_BEFORE_HANDLE = 256;

    private final Class<?> type;
    private final Method accessor;
    private final Form form;
    private final boolean isPrimitive;
    private @Nullable MethodHandle handle;
    private int writes;

    Component(RecordComponent component, Form form) {
        this.type = component.getType();
        this.accessor = component.getAccessor();
        this.form = form;
        this.isPrimitive = type.isPrimitive();
        accessor.setAccessible(true);
    }

    void write(Sink out, Object owner) throws Throwable {
        MethodHandle fast = handle;
        if (fast == null) {
            writeByReflection(out, owner);
        } else if (isPrimitive) {
            writePrimitive(fast, out, owner);
        } else {
            form.writeNullable(out, (Object) fast.invokeExact(owner));
        }
    }

    @Nullable
    Object read(Source in) {
        return isPrimitive ? form.read(in) : form.readNullable(in);
    }

    private void writeByReflection(Sink out, Object owner) throws Throwable {
        Object value = accessor.invoke(owner);
        if (isPrimitive) {
            form.write(out, value);
        } else {
            form.writeNullable(out, value);
        }
        if (++writes == WRITES_BEFORE_HANDLE) {
            Class<?> result = isPrimitive ? type : Object.class;
            handle = MethodHandles.lookup().unreflect(accessor).asType(MethodType.methodType(result, Object.class));
        }
    }

    /** The same bytes as {@link NumberForm} writes, without a box. */
    private void writePrimitive(MethodHandle fast, Sink out, Object owner) throws Throwable {
        if (type == int.class) {
            out.writeVarInt((int) fast.invokeExact(owner), false);
        } else if (type == long.class) {
            out.writeVarLong((long) fast.invokeExact(owner), false);
        } else if (type == boolean.class) {
            out.writeBoolean((boolean) fast.invokeExact(owner));
        } else if (type == double.class) {
            out.writeDouble((double) fast.invokeExact(owner));
        } else if (type == float.class) {
            out.writeFloat((float) fast.invokeExact(owner));
        } else if (type == byte.class) {
            out.writeByte((byte) fast.invokeExact(owner));
        } else if (type == short.class) {
            out.writeShort((short) fast.invokeExact(owner));
        } else if (type == char.class) {
            out.writeChar((char) fast.invokeExact(owner));
        } else {
            throw new KryoException("no such primitive type: type=" + type);
        }
    }
}
