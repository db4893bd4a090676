package dev.streamipc.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A row that could not be measured.
 *
 * @param id of the row
 * @param against the baseline of it
 * @param why in words
 */
record Missing(String id, String against, String why) {

    private static final Pattern LINE = Pattern.compile("MISSING (\\S+) against=(\\S+) why=(.*)");
    static final String MARK = "MISSING ";

    /** Reads the line of another program. */
    static Missing parse(String line) {
        Matcher parts = LINE.matcher(line);
        return parts.matches()
                ? new Missing(parts.group(1), parts.group(2), parts.group(3))
                : new Missing("?", "-", line);
    }

    String line() {
        return MARK + id + " against=" + against + " why=" + why;
    }
}
