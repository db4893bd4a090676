package dev.streamipc.sample;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The path of a file below a folder.
 *
 * @param text the path; if it is not UTF-8, what {@link #line} returns
 * @param key its bytes, each as one character: orders names by their bytes
 * @param isUtf8 whether the text is the path itself
 */
record FileName(String text, String key, boolean isUtf8) implements Comparable<FileName> {

    private static final int HEX = 16;
    private static final char REPLACEMENT = '\ufffd';

    /** Returns the name of a file whose path may be anything that the system allows. */
    static FileName of(Path root, Path file) {
        String text = root.relativize(file).toString();
        // A path that is not UTF-8 loses bytes on its way through a string; its URI still has them.
        boolean isUtf8 =
                text.indexOf(REPLACEMENT) < 0 || Path.of(file.toString()).equals(file);
        return isUtf8 ? of(text) : ofBytes(bytesBelow(root, file));
    }

    static FileName of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new FileName(text, new String(bytes, StandardCharsets.ISO_8859_1), true);
    }

    private static FileName ofBytes(byte[] bytes) {
        return new FileName(shown(bytes), new String(bytes, StandardCharsets.ISO_8859_1), false);
    }

    private static byte[] bytesBelow(Path root, Path file) {
        String escaped =
                file.toUri().getRawPath().substring(root.toUri().getRawPath().length());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(escaped, i + 1, i + 3, HEX));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }

    /** Returns the path in one line, in a way that can be read back; a byte that is not UTF-8 is {@code \xHH}. */
    String line() {
        return isUtf8 ? Escapes.all(text) : text;
    }

    private static String shown(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < bytes.length) {
            int length = lengthOfCharacter(bytes, at);
            if (length == 0) {
                Escapes.bytes(text, bytes[at]);
            } else {
                text.append(Escapes.all(new String(bytes, at, length, StandardCharsets.UTF_8)));
            }
            at += Math.max(1, length);
        }
        return text.toString();
    }

    /** Returns how many bytes of a whole character stand there, 0 if none does. */
    private static int lengthOfCharacter(byte[] bytes, int at) {
        CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();
        for (int length = 1; length <= Math.min(4, bytes.length - at); length++) {
            try {
                strict.decode(ByteBuffer.wrap(bytes, at, length));
                return length;
            } catch (CharacterCodingException incomplete) {
                strict.reset();
            }
        }
        return 0;
    }

    @Override
    public int compareTo(FileName other) {
        return key.compareTo(other.key);
    }
}
