package dev.streamipc.message;

import org.jspecify.annotations.Nullable;

/** A payload that its writer could not encode or its receiver could not decode, or an answer over the limit. */
public final class Undecodable extends IpcFailure {

    private static final long serialVersionUID = 1L;

    /** What could not be encoded or decoded. */
    public enum Subject {
        /** The request or message: its handler was not entered. */
        ARGUMENT,
        /** The answer: the handler was entered. */
        ANSWER
    }

    /** Where it went wrong. */
    public enum Side {
        /** In this process. */
        HERE,
        /** On the other side. */
        THERE
    }

    private final Subject subject;
    private final Side side;
    private final @Nullable String typeName;

    /**
     * Makes the failure.
     *
     * @param subject what could not be read or written
     * @param side where
     * @param typeName the logical name of the type, null where it could not be read
     * @param reason the cause as text
     */
    public Undecodable(Subject subject, Side side, @Nullable String typeName, String reason) {
        this(subject, side, typeName, reason, null);
    }

    /**
     * Makes the failure with a cause of this process.
     *
     * @param subject what could not be read or written
     * @param side where
     * @param typeName the logical name of the type, null where it could not be read
     * @param reason the cause as text
     * @param cause what the serializer threw, null if it was not here
     */
    public Undecodable(
            Subject subject, Side side, @Nullable String typeName, String reason, @Nullable Throwable cause) {
        super(
                "undecodable payload: subject=" + subject + ", side=" + side + ", type=" + typeName + ", cause="
                        + reason,
                subject == Subject.ARGUMENT ? Certainty.NOT_EXECUTED : Certainty.EXECUTED,
                cause);
        this.subject = subject;
        this.side = side;
        this.typeName = typeName;
    }

    /**
     * Returns what could not be encoded or decoded.
     *
     * @return the argument or the answer
     */
    public Subject subject() {
        return subject;
    }

    /**
     * Returns where it went wrong.
     *
     * @return here or on the other side
     */
    public Side side() {
        return side;
    }

    /**
     * Returns the logical name of the type.
     *
     * @return the name, null where it could not be read
     */
    public @Nullable String typeName() {
        return typeName;
    }
}
