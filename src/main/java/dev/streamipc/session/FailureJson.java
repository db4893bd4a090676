package dev.streamipc.session;

import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.Undecodable;
import dev.streamipc.message.Undecodable.Side;
import dev.streamipc.message.Undecodable.Subject;
import dev.streamipc.serial.json.ControlJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The payload of FAILURE, both ways. Its JSON is laid down in {@code docs/PROTOCOL.md}, section 7. */
final class FailureJson {

    private static final int MAX_TEXT_CHARS = 16_384;
    private static final String FAILURE = "failure";

    private FailureJson() {}

    /** What the handler threw, as data. */
    static byte[] handlerFailed(Throwable thrown, int maxBytes) {
        Map<String, @Nullable String> fields = new LinkedHashMap<>();
        fields.put(FAILURE, "RemoteFailure");
        fields.put("type", thrown.getClass().getName());
        fields.put("message", textOrNull(thrown));
        fields.put("stack", stackOf(thrown));
        return write(fields, maxBytes);
    }

    /** What a handler in this JVM threw, as its caller would be told of one elsewhere. */
    static RemoteFailure remote(Throwable thrown) {
        String message = textOrNull(thrown);
        return new RemoteFailure(
                thrown.getClass().getName(),
                message == null ? null : cut(message, MAX_TEXT_CHARS),
                cut(stackOf(thrown), MAX_TEXT_CHARS));
    }

    static byte[] rejected(Rejected.Reason reason, String facts, int maxBytes) {
        Map<String, @Nullable String> fields = new LinkedHashMap<>();
        fields.put(FAILURE, "Rejected");
        fields.put("reason", reason.name());
        fields.put("facts", facts);
        return write(fields, maxBytes);
    }

    static byte[] undecodable(Subject subject, @Nullable String type, String cause, int maxBytes) {
        Map<String, @Nullable String> fields = new LinkedHashMap<>();
        fields.put(FAILURE, "Undecodable");
        fields.put("subject", subject.name());
        fields.put("type", type);
        fields.put("cause", cause);
        return write(fields, maxBytes);
    }

    /** The time was up before the handler was entered, or the handler stopped because of it. */
    static byte[] deadlinePassed(Phase phase, int maxBytes) {
        Map<String, @Nullable String> fields = new LinkedHashMap<>();
        fields.put(FAILURE, "DeadlinePassed");
        fields.put("phase", phase.name());
        return write(fields, maxBytes);
    }

    /** Halves the texts until the whole fits. */
    private static byte[] write(Map<String, ? extends @Nullable String> fields, int maxBytes) {
        int maxChars = MAX_TEXT_CHARS;
        while (true) {
            int limit = maxChars;
            Map<String, @Nullable String> cut = new LinkedHashMap<>();
            fields.forEach((name, text) -> cut.put(name, text == null ? null : cut(text, limit)));
            byte[] json = ControlJson.write(cut);
            if (json.length <= maxBytes) {
                return json;
            }
            maxChars /= 2;
        }
    }

    private static String cut(String text, int maxChars) {
        if (text.length() <= maxChars) {
            return text;
        }
        int end = maxChars > 0 && Character.isHighSurrogate(text.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
        return text.substring(0, end);
    }

    /** Returns class and message of what user's code threw; throws nothing, unlike perhaps its {@code toString}. */
    static String textOf(Throwable thrown) {
        try {
            return thrown.toString();
        } catch (RuntimeException | Error broken) {
            return thrown.getClass().getName() + ", text not available: "
                    + broken.getClass().getName();
        }
    }

    /** A user's exception may throw anything from its own accessors. */
    private static @Nullable String textOrNull(Throwable thrown) {
        try {
            return thrown.getMessage();
        } catch (RuntimeException | Error broken) {
            return "message not available: " + broken.getClass().getName();
        }
    }

    private static String stackOf(Throwable thrown) {
        try {
            StringWriter text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            return text.toString();
        } catch (RuntimeException | Error broken) {
            return "stack not available: " + broken.getClass().getName();
        }
    }

    /**
     * Reads the payload of a FAILURE.
     *
     * @param limit the time that the call was given, for its text
     * @throws IOException if it is not what the protocol lays down
     */
    static IpcFailure read(byte[] payload, int offset, int length, Duration limit) throws IOException {
        JsonFields fields = new JsonFields(ControlJson.read(payload, offset, length));
        String name = fields.text(FAILURE);
        return switch (name) {
            case "RemoteFailure" ->
                new RemoteFailure(
                        fields.text("type"),
                        fields.textOrNull("message"),
                        Optional.ofNullable(fields.textOrNull("stack")).orElse(""));
            case "Rejected" -> rejection(fields);
            case "Undecodable" ->
                new Undecodable(
                        subject(fields.text("subject")), Side.THERE, fields.textOrNull("type"), fields.text("cause"));
            case "DeadlinePassed" -> new DeadlinePassed(phase(fields.textOrNull("phase")), limit);
            default -> new RemoteFailure(name, fields.textOrNull("message"), "");
        };
    }

    private static IpcFailure rejection(JsonFields fields) throws IOException {
        String reason = fields.text("reason");
        String facts = Optional.ofNullable(fields.textOrNull("facts")).orElse("");
        for (Rejected.Reason known : Rejected.Reason.values()) {
            if (known.name().equals(reason)) {
                return new Rejected(known, facts);
            }
        }
        return new Rejected(Rejected.Reason.OTHER, "remoteReason=" + reason + ", " + facts);
    }

    private static Phase phase(@Nullable String name) {
        if (name == null || name.equals(Phase.QUEUED.name())) {
            return Phase.QUEUED;
        }
        return name.equals(Phase.RUNNING.name()) ? Phase.RUNNING : Phase.SENT;
    }

    private static Subject subject(String name) throws IOException {
        return switch (name) {
            case "ARGUMENT" -> Subject.ARGUMENT;
            case "ANSWER" -> Subject.ANSWER;
            default -> throw new IOException("malformed control frame: field=subject, found=" + name);
        };
    }
}
