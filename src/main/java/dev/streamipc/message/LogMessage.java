package dev.streamipc.message;

import java.lang.System.Logger.Level;
import java.util.Objects;

/**
 * A line of text with a level. Every peer knows this type without being told.
 *
 * @param message the text
 * @param level how grave it is; {@link Level#INFO} where the sender said nothing
 */
public record LogMessage(String message, Level level) implements Message {

    /** Refuses a missing text; a missing level is {@link Level#INFO}. */
    public LogMessage {
        Objects.requireNonNull(message, "message");
        level = Objects.requireNonNullElse(level, Level.INFO);
    }

    /**
     * Makes a line of level {@link Level#INFO}.
     *
     * @param message the text
     */
    public LogMessage(String message) {
        this(message, Level.INFO);
    }
}
