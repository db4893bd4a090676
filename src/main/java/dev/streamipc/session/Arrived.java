package dev.streamipc.session;

import dev.streamipc.message.Message;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The message of a request or notification: decoded, or, if it is large, as it came until its turn, so that the thread that
 * reads has no work with it. For one thread at a time.
 */
final class Arrived {

    private final Class<?> type;
    private final int payloadBytes;
    private @Nullable Message message;
    private @Nullable Supplier<Decoded> rest;

    private Arrived(Class<?> type, int payloadBytes, @Nullable Message message, @Nullable Supplier<Decoded> rest) {
        this.type = type;
        this.payloadBytes = payloadBytes;
        this.message = message;
        this.rest = rest;
    }

    static Arrived of(Message message, int payloadBytes) {
        return new Arrived(message.getClass(), payloadBytes, message, null);
    }

    /**
     * Makes one that is decoded later.
     *
     * @param rest decodes it; called once at most, on the thread that calls {@link #open}
     */
    static Arrived closed(Class<?> type, int payloadBytes, Supplier<Decoded> rest) {
        return new Arrived(type, payloadBytes, null, rest);
    }

    Class<?> type() {
        return type;
    }

    int payloadBytes() {
        return payloadBytes;
    }

    /** Decodes the message, unless that is done; returns what came of it if there is none. */
    @Nullable
    Decoded open() {
        Supplier<Decoded> due = rest;
        if (due == null) {
            return null;
        }
        Decoded decoded = due.get();
        rest = null;
        message = decoded.message();
        return message == null ? decoded : null;
    }

    /** Returns the message, which is open. */
    Message message() {
        return Objects.requireNonNull(message, "closed");
    }
}
