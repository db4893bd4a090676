package dev.streamipc.session;

import dev.streamipc.serial.json.ControlJson;
import java.io.IOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The last frame of a side, as data. Its JSON is laid down in {@code docs/PROTOCOL.md}, section 8.
 *
 * @param lastStarted the last request that was started, empty if none was
 * @param isDamaged what it said was lost on the way: nothing is known of the requests that were started
 */
record Goodbye(Reason reason, String text, OptionalLong lastStarted, boolean isDamaged) {

    private static final int MAX_TEXT_CHARS = 500;

    enum Reason {
        CLOSED,
        REFUSED,
        PROTOCOL_ERROR
    }

    Goodbye(Reason reason, String text, OptionalLong lastStarted) {
        this(reason, text, lastStarted, false);
    }

    static Goodbye damaged() {
        return new Goodbye(Reason.CLOSED, "a goodbye that was damaged on the way", OptionalLong.empty(), true);
    }

    byte[] toJson() {
        Map<String, @Nullable String> map = new LinkedHashMap<>();
        map.put("reason", reason.name());
        map.put("text", text.length() <= MAX_TEXT_CHARS ? text : text.substring(0, MAX_TEXT_CHARS));
        map.put("lastStarted", lastStarted.isPresent() ? HexFormat.of().toHexDigits(lastStarted.getAsLong()) : null);
        return ControlJson.write(map);
    }

    static Goodbye fromJson(byte[] payload, int offset, int length) throws IOException {
        JsonFields fields = new JsonFields(ControlJson.read(payload, offset, length));
        String last = fields.textOrNull("lastStarted");
        try {
            return new Goodbye(
                    reason(fields.text("reason")),
                    fields.text("text"),
                    last == null ? OptionalLong.empty() : OptionalLong.of(HexFormat.fromHexDigitsToLong(last)));
        } catch (IllegalArgumentException malformed) {
            throw new IOException("malformed control frame: kind=GOODBYE, cause=" + malformed.getMessage(), malformed);
        }
    }

    /** A newer minor may know more reasons: whatever they are, the other side ends in order. */
    private static Reason reason(String name) {
        return switch (name) {
            case "REFUSED" -> Reason.REFUSED;
            case "PROTOCOL_ERROR" -> Reason.PROTOCOL_ERROR;
            default -> Reason.CLOSED;
        };
    }
}
