package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.KryoException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** A record: its fields one after the other, read back through its canonical constructor. */
final class RecordForm extends Form {

    private static final int READS_BEFORE_HANDLE = 256;

    private final Constructor<?> constructor;
    private Component[] components = {};
    private @Nullable MethodHandle maker;
    private int reads;

    /**
     * Makes the form without its fields, so that a record may contain itself.
     *
     * @throws IllegalArgumentException if the record's module does not let its members be reached
     */
    RecordForm(Class<?> type) {
        try {
            constructor = type.getDeclaredConstructor(componentTypes(type));
            constructor.setAccessible(true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "record can't be reached: class=" + type.getName() + "; open its package to this library", e);
        }
    }

    /** Says what the fields are; written once, before the first use. */
    void bind(Component[] fields) {
        components = fields;
    }

    @Override
    void write(Sink out, Object value) {
        out.enter();
        try {
            for (Component component : components) {
                component.write(out, value);
            }
        } catch (Throwable e) {
            throw thrown(e);
        }
        out.leave();
    }

    @Override
    Object read(Source in) {
        in.enter();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = components[i].read(in);
        }
        in.leave();
        try {
            return make(values);
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    private Object make(Object[] values) throws Throwable {
        MethodHandle fast = maker;
        if (fast != null) {
            return (Object) fast.invokeExact(values);
        }
        if (++reads == READS_BEFORE_HANDLE) {
            maker = MethodHandles.lookup()
                    .unreflectConstructor(constructor)
                    .asSpreader(Object[].class, components.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
        }
        return constructor.newInstance(values);
    }

    private static Class<?>[] componentTypes(Class<?> type) {
        RecordComponent[] parts = type.getRecordComponents();
        Class<?>[] types = new Class<?>[parts.length];
        for (int i = 0; i < parts.length; i++) {
            types[i] = parts[i].getType();
        }
        return types;
    }

    /** Throws what the record's own code threw, or wraps it if it is checked. */
    private static RuntimeException thrown(Throwable e) {
        Throwable cause = e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException unchecked ? unchecked : new KryoException(cause);
    }
}
