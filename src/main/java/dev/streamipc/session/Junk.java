package dev.streamipc.session;

import dev.streamipc.flight.Flight;
import dev.streamipc.flight.FlightEvent;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes of others between the frames: log lines and events, at once, in order. On the thread that reads. */
final class Junk {

    private static final int MAX_LINE_CHARS = 4_096;
    private static final HexFormat HEX = HexFormat.of();

    private final String sessionName;
    private final Observers observers;

    Junk(String sessionName, Observers observers) {
        this.sessionName = sessionName;
        this.observers = observers;
    }

    void take(byte[] array, int offset, int length) {
        Flight.tell(new FlightEvent.Junk(sessionName, length));
        String text = new String(array, offset, length, StandardCharsets.UTF_8);
        text.lines().forEach(this::line);
    }

    private void line(String line) {
        String cut = printable(line.length() <= MAX_LINE_CHARS ? line : line.substring(0, MAX_LINE_CHARS) + "...");
        SessionLog.LOG.info("{} stdout: {}", sessionName, cut);
        observers.tell(new SessionEvent.Junk(cut));
    }

    /** Controls could make a terminal do things. */
    private static String printable(String line) {
        StringBuilder text = new StringBuilder(line.length());
        line.codePoints().forEach(point -> {
            if (Character.isISOControl(point) && point != '\t') {
                text.append("\\x").append(HEX.toHexDigits((byte) point));
            } else {
                text.appendCodePoint(point);
            }
        });
        return text.toString();
    }
}
