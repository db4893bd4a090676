package dev.streamipc.sample.dispatch;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Lines, and on a terminal a frame below them that is drawn again and again. For all threads. */
final class Screen {

    private static final String HIDE_CURSOR_AND_CUT_LINES = "\033[?25l\033[?7l";
    private static final String SHOW_CURSOR_AND_WRAP_LINES = "\033[?25h\033[?7h";
    private static final String CLEAR_BELOW = "\r\033[J";

    /** Of a terminal, in characters. */
    record Size(int rows, int columns) {

        /** Of a terminal that does not know its own. */
        static final Size USUAL = new Size(24, 80);
    }

    private final OutputStream out;
    private final Optional<Size> size;
    // All below is guarded by this.
    private List<String> frame = List.of();
    private int drawnLines;
    private boolean isErrOpen;
    private boolean isOver;

    Screen(OutputStream out, Optional<Size> size) {
        this.out = out;
        this.size = size;
    }

    /** Makes the screen of this process; on a terminal what anybody prints to stderr steps over the frame. */
    static Screen ofThisProcess(Optional<Size> size) {
        Screen screen = new Screen(new FileOutputStream(FileDescriptor.out), size);
        if (size.isPresent()) {
            OutputStream err = new FileOutputStream(FileDescriptor.err);
            System.setErr(new PrintStream(screen.above(err), true, StandardCharsets.UTF_8));
            Runtime.getRuntime().addShutdownHook(new Thread(screen::end, "screen-end"));
        }
        return screen;
    }

    /** Returns the text without what would move the cursor. */
    static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    Optional<Size> size() {
        return size;
    }

    /** Prints a line of the result. */
    synchronized void result(String line) {
        write(erase() + plain(line) + "\n" + draw());
    }

    /** Prints a line beside the result. */
    void say(String line) {
        System.err.println(plain(line));
    }

    /** Puts a frame in the place of the one before; without a terminal it does nothing. */
    synchronized void show(List<String> lines) {
        if (size.isPresent() && !isOver && !isErrOpen) {
            String erased = erase();
            frame = lines;
            write(erased + draw());
        }
    }

    /** Takes the frame away for good, and gives the terminal back as it was. */
    synchronized void end() {
        if (size.isPresent() && !isOver) {
            isOver = true;
            write(erase() + SHOW_CURSOR_AND_WRAP_LINES);
        }
    }

    private String erase() {
        int lines = drawnLines;
        drawnLines = 0;
        return lines == 0 ? "" : (lines > 1 ? "\033[" + (lines - 1) + "A" : "") + CLEAR_BELOW;
    }

    private String draw() {
        if (isOver || frame.isEmpty()) {
            return "";
        }
        drawnLines = frame.size();
        return HIDE_CURSOR_AND_CUT_LINES + String.join("\n", frame);
    }

    private void write(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException closed) {
            throw new UncheckedIOException("stdout can't be written: cause=" + closed.getMessage(), closed);
        }
    }

    private OutputStream above(OutputStream err) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                synchronized (Screen.this) {
                    Screen.this.write(erase());
                    err.write(bytes, offset, length);
                    isErrOpen = length > 0 ? bytes[offset + length - 1] != '\n' : isErrOpen;
                    Screen.this.write(isErrOpen ? "" : draw());
                }
            }
        };
    }
}
