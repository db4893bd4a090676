package dev.streamipc.serial.kryo;

import java.lang.reflect.Array;
import java.util.Arrays;

/**
 * Reads elements into an array that grows with what was read. One of the claimed size would let 64 lists inside each
 * other each claim the whole rest of the payload.
 */
final class Elements {

    /** Room before the first element was read. */
    static final int FIRST_ROOM = 64;

    private Elements() {}

    static Object[] read(Source in, Form element, Class<?> componentType) {
        int count = in.count(1);
        Object[] read = (Object[]) Array.newInstance(componentType, Math.min(count, FIRST_ROOM));
        for (int i = 0; i < count; i++) {
            if (i == read.length) {
                read = Arrays.copyOf(read, (int) Math.min(count, 2L * i));
            }
            read[i] = element.readNullable(in);
        }
        return read;
    }
}
