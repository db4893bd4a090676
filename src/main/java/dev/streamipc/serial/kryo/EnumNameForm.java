package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.KryoException;

/** The constant of an enum of the JDK: its name, because positions may differ between two JDKs. */
final class EnumNameForm extends Form {

    private final Class<?> type;

    EnumNameForm(Class<?> type) {
        this.type = type;
    }

    @Override
    void write(Sink out, Object value) {
        out.writeString(((Enum<?>) value).name());
    }

    @Override
    Object read(Source in) {
        String name = in.readString();
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new KryoException("no such constant: enum=" + type.getName() + ", name=" + name);
    }
}
