package dev.streamipc.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the table that the sample prints. */
record TableRows(Map<String, String> facts) {

    private static final Pattern ROW = Pattern.compile("([0-9a-f]{64})  +(\\d+)  +(\\d+)  (\\S+  +).*");

    /** Takes sha256, lines and bytes of each path. All paths begin in one column, some of them with a blank. */
    static TableRows of(List<String> lines) {
        int column = lines.stream().mapToInt(line -> matched(line).end(4)).min().orElse(0);
        Map<String, String> facts = new LinkedHashMap<>();
        for (String line : lines) {
            Matcher row = matched(line);
            String path = unescaped(line.substring(column));
            if (facts.put(path, row.group(1) + " " + row.group(2) + " " + row.group(3)) != null) {
                throw new AssertionError("two rows for a file: " + line);
            }
        }
        return new TableRows(facts);
    }

    private static Matcher matched(String line) {
        Matcher row = ROW.matcher(line);
        if (!row.matches()) {
            throw new AssertionError("not a row: " + line);
        }
        return row;
    }

    private static String unescaped(String path) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < path.length(); i += Character.charCount(path.codePointAt(i))) {
            if (path.charAt(i) != '\\') {
                bytes.writeBytes(Character.toString(path.codePointAt(i)).getBytes(UTF_8));
            } else if (path.charAt(i + 1) == 'x') {
                bytes.write(Integer.parseInt(path, i + 2, i + 4, 16));
                i += 3;
            } else {
                bytes.write("\\\n\r\t".charAt("\\nrt".indexOf(path.charAt(i + 1))));
                i++;
            }
        }
        return bytes.toString(UTF_8);
    }
}
