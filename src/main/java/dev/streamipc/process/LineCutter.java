package dev.streamipc.process;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts bytes into lines, in bounded memory: of a longer line it keeps the beginning and says how much is missing. Not
 * safe for threads.
 */
final class LineCutter {

    /** What a line has at most, its mark included. */
    static final int MAX_LINE_BYTES = 4_096;

    /** Room for the mark and its number. */
    private static final int KEPT_BYTES = MAX_LINE_BYTES - 64;

    private final Consumer<String> lines;
    private final byte[] kept = new byte[KEPT_BYTES];
    private int keptBytes;
    private long lineBytes;

    LineCutter(Consumer<String> lines) {
        this.lines = lines;
    }

    void accept(byte[] bytes, int count) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, from, i - from);
                endLine();
                from = i + 1;
            }
        }
        keep(bytes, from, count - from);
    }

    /** Hands over a last line that has no end. */
    void end() {
        if (lineBytes > 0) {
            endLine();
        }
    }

    private void keep(byte[] bytes, int from, int count) {
        int taken = Math.min(count, KEPT_BYTES - keptBytes);
        System.arraycopy(bytes, from, kept, keptBytes, taken);
        keptBytes += taken;
        lineBytes += count;
    }

    private void endLine() {
        String line = lineBytes > keptBytes ? cutLine() : wholeLine();
        keptBytes = 0;
        lineBytes = 0;
        lines.accept(line);
    }

    private String wholeLine() {
        boolean windows = keptBytes > 0 && kept[keptBytes - 1] == '\r';
        return new String(kept, 0, windows ? keptBytes - 1 : keptBytes, StandardCharsets.UTF_8);
    }

    private String cutLine() {
        int end = keptBytes;
        while (end > keptBytes - 4 && (kept[end - 1] & 0xC0) == 0x80) {
            end--;
        }
        // A character that may have lost its tail goes whole.
        end = (kept[end - 1] & 0x80) != 0 ? end - 1 : end;
        String text = new String(kept, 0, end, StandardCharsets.UTF_8);
        return text + " ... (cut, lineBytes=" + lineBytes + ")";
    }
}
