package dev.streamipc.sample.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a terminal is sent. */
class ScreenTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void linesStepOverTheFrameAndTheTerminalIsGivenBack() {
        Screen screen = new Screen(out, Optional.of(new Screen.Size(24, 80)));

        screen.show(List.of("one", "two"));
        assertEquals("\033[?25l\033[?7lone\ntwo", sent());
        screen.show(List.of("three"));
        assertEquals("\033[1A\r\033[J\033[?25l\033[?7lthree", sent());
        screen.result("a\033[2Jline");
        assertEquals("\r\033[Ja?[2Jline\n\033[?25l\033[?7lthree", sent());
        screen.end();
        assertEquals("\r\033[J\033[?25h\033[?7h", sent());
        screen.show(List.of("too late"));
        screen.end();
        screen.result("last");
        assertEquals("last\n", sent());
    }

    @Test
    void withoutATerminalThereAreLinesAlone() {
        Screen screen = new Screen(out, Optional.empty());

        screen.show(List.of("one"));
        screen.result("line");
        screen.end();

        assertEquals("line\n", sent());
    }

    private String sent() {
        String text = out.toString(UTF_8);
        out.reset();
        return text;
    }
}
