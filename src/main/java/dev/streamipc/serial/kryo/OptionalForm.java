package dev.streamipc.serial.kryo;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A value or none, also one that may change. */
final class OptionalForm extends Form {

    /** The order is part of the format. */
    enum Kind {
        ANY(Optional.class),
        INT(OptionalInt.class),
        LONG(OptionalLong.class),
        DOUBLE(OptionalDouble.class),
        REFERENCE(AtomicReference.class);

        final Class<?> type;

        Kind(Class<?> type) {
            this.type = type;
        }
    }

    private final Kind kind;
    private final Form element;

    /** Takes the form of the value inside; for the three kinds of numbers, that of their box. */
    OptionalForm(Kind kind, Form element) {
        this.kind = kind;
        this.element = element;
    }

    @Override
    void write(Sink out, Object value) {
        out.enter();
        element.writeNullable(out, inside(value));
        out.leave();
    }

    @Override
    Object read(Source in) {
        in.enter();
        Object inside = element.readNullable(in);
        in.leave();
        return switch (kind) {
            case ANY -> Optional.ofNullable(inside);
            case REFERENCE -> new AtomicReference<>(inside);
            case INT -> inside == null ? OptionalInt.empty() : OptionalInt.of((Integer) inside);
            case LONG -> inside == null ? OptionalLong.empty() : OptionalLong.of((Long) inside);
            case DOUBLE -> inside == null ? OptionalDouble.empty() : OptionalDouble.of((Double) inside);
        };
    }

    private @Nullable Object inside(Object value) {
        return switch (kind) {
            case ANY -> ((Optional<?>) value).orElse(null);
            case REFERENCE -> ((AtomicReference<?>) value).get();
            case INT -> ((OptionalInt) value).isPresent() ? ((OptionalInt) value).getAsInt() : null;
            case LONG -> ((OptionalLong) value).isPresent() ? ((OptionalLong) value).getAsLong() : null;
            case DOUBLE -> ((OptionalDouble) value).isPresent() ? ((OptionalDouble) value).getAsDouble() : null;
        };
    }
}
