package dev.streamipc.sample;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** stderr: lines, and perhaps a progress bar below them. For all threads. */
final class Screen {

    private final ProgressBar bar = new ProgressBar(new FileOutputStream(FileDescriptor.err));
    private final boolean isBarShown;

    /** Takes {@code System.err} over if there is to be a bar, so that all lines of this JVM step over it. */
    Screen(boolean isBarShown) {
        this.isBarShown = isBarShown;
        if (isBarShown) {
            System.setErr(new PrintStream(bar, true, StandardCharsets.UTF_8));
        }
    }

    void say(String line) {
        System.err.println(Escapes.controls(line));
    }

    void progress(int done, int total) {
        if (isBarShown) {
            bar.show(done, total);
        }
    }

    /** Takes the bar away for good. */
    void end() {
        bar.hide();
    }

    private static final class ProgressBar extends OutputStream {

        private static final int WIDTH_CHARS = 40;
        private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
        private static final String CLEAR_LINE = "\r\033[K";

        private final OutputStream terminal;
        // All below is guarded by this.
        private String text = "";
        private boolean isLineOpen;
        private long drawnNanos = System.nanoTime() - REDRAW_NANOS;

        ProgressBar(OutputStream terminal) {
            this.terminal = terminal;
        }

        synchronized void show(int done, int total) {
            boolean isDue = done == total || System.nanoTime() - drawnNanos >= REDRAW_NANOS;
            if (isDue && !isLineOpen) {
                drawnNanos = System.nanoTime();
                int full = (int) ((long) WIDTH_CHARS * done / total);
                draw("[" + "#".repeat(full) + ".".repeat(WIDTH_CHARS - full) + "] " + done + "/" + total + " files");
            }
        }

        synchronized void hide() {
            if (!text.isEmpty()) {
                draw("");
            }
        }

        private void draw(String bar) {
            text = bar;
            try {
                terminal.write((CLEAR_LINE + bar).getBytes(StandardCharsets.UTF_8));
            } catch (IOException closed) {
                text = ""; // a terminal that is gone shows no bar
            }
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            if (!text.isEmpty() && !isLineOpen) {
                terminal.write(CLEAR_LINE.getBytes(StandardCharsets.UTF_8));
            }
            terminal.write(bytes, offset, length);
            isLineOpen = length > 0 ? bytes[offset + length - 1] != '\n' : isLineOpen;
            if (!isLineOpen) {
                terminal.write(text.getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
