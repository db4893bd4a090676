package dev.streamipc.sample;

import java.nio.charset.StandardCharsets;

/** Makes any text one line. */
final class Escapes {

    private Escapes() {}

    /** Returns the text with control characters as escapes, in a way that can be read back: a backslash is doubled. */
    static String all(String text) {
        return controls(text.replace("\\", "\\\\"));
    }

    /** Returns the text with control characters as escapes. */
    static String controls(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            append(line, text.charAt(i));
        }
        return line.toString();
    }

    private static void append(StringBuilder line, char c) {
        switch (c) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (Character.isISOControl(c) || isSeparator(c)) {
                    bytes(line, String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                } else {
                    line.append(c);
                }
            }
        }
    }

    /** Some terminals and programs begin a new line there. */
    private static boolean isSeparator(char c) {
        int type = Character.getType(c);
        return type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
    }

    /** Appends each byte as {@code \xHH}. */
    static void bytes(StringBuilder line, byte... bytes) {
        for (byte b : bytes) {
            line.append(String.format("\\x%02x", b & 0xff));
        }
    }
}
