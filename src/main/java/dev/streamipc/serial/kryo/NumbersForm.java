package dev.streamipc.serial.kryo;

import java.lang.reflect.Array;

/** Arrays of numbers, at a fixed size for each element. */
final class NumbersForm extends Form {

    /** The order is part of the format. */
    enum Kind {
        BYTES(byte[].class),
        BOOLEANS(boolean[].class),
        SHORTS(short[].class),
        CHARS(char[].class),
        INTS(int[].class),
        LONGS(long[].class),
        FLOATS(float[].class),
        DOUBLES(double[].class);

        final Class<?> type;

        Kind(Class<?> type) {
            this.type = type;
        }
    }

    private final Kind kind;

    NumbersForm(Kind kind) {
        this.kind = kind;
    }

    @Override
    void write(Sink out, Object value) {
        out.count(Array.getLength(value));
        switch (kind) {
            case BYTES -> out.writeBytes((byte[]) value);
            case BOOLEANS -> out.writeBooleans((boolean[]) value, 0, ((boolean[]) value).length);
            case SHORTS -> out.writeShorts((short[]) value, 0, ((short[]) value).length);
            case CHARS -> out.writeChars((char[]) value, 0, ((char[]) value).length);
            case INTS -> out.writeInts((int[]) value, 0, ((int[]) value).length);
            case LONGS -> out.writeLongs((long[]) value, 0, ((long[]) value).length);
            case FLOATS -> out.writeFloats((float[]) value, 0, ((float[]) value).length);
            case DOUBLES -> out.writeDoubles((double[]) value, 0, ((double[]) value).length);
        }
    }

    @Override
    Object read(Source in) {
        return switch (kind) {
            case BYTES -> in.readBytes(in.count(Byte.BYTES));
            case BOOLEANS -> in.readBooleans(in.count(Byte.BYTES));
            case SHORTS -> in.readShorts(in.count(Short.BYTES));
            case CHARS -> in.readChars(in.count(Character.BYTES));
            case INTS -> in.readInts(in.count(Integer.BYTES));
            case LONGS -> in.readLongs(in.count(Long.BYTES));
            case FLOATS -> in.readFloats(in.count(Float.BYTES));
            case DOUBLES -> in.readDoubles(in.count(Double.BYTES));
        };
    }
}
