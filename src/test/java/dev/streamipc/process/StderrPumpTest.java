package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StderrPumpTest {

    @Test
    void ringKeepsTheLastHundredLines() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 250; i++) {
            text.append("line ").append(i).append('\n');
        }
        StderrPump pump = drained(new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)));

        assertEquals(100, pump.lastLines().size());
        assertEquals("line 150", pump.lastLines().get(0));
        assertEquals("line 249", pump.lastLines().get(99));
    }

    @Test
    void failingLoggerStopsNothing() {
        InputStream in = new ByteArrayInputStream("a\nb\n".getBytes(StandardCharsets.UTF_8));
        StderrPump pump = new StderrPump(in, line -> {
            throw new IllegalStateException("disk full");
        });
        pump.start("failing");

        assertTrue(pump.awaitEnd(Children.PATIENCE));
        String told = "(the line above could not be logged: java.lang.IllegalStateException: disk full)";
        assertEquals(List.of("a", told, "b", told), pump.lastLines());
    }

    @Test
    void brokenStreamEndsItWithANote() {
        StderrPump pump = drained(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Stream closed");
            }
        });

        assertEquals(List.of("(stderr ended: Stream closed)"), pump.lastLines());
    }

    @Test
    void waitForItsEndIsBounded() {
        StderrPump pump = new StderrPump(new PipedInputStream(), line -> {});

        assertFalse(pump.awaitEnd(Duration.ofMillis(5)));
        Thread.currentThread().interrupt();
        assertFalse(pump.awaitEnd(Children.PATIENCE));
        assertTrue(Thread.interrupted());
    }

    @Test
    void childThatWritesAMebibyteWithoutALineEndIsNotHeldUp() throws Exception {
        long since = System.nanoTime();
        ChildProcess child = ChildProcess.start(
                Children.sh("head -c 1048576 /dev/zero | tr '\\0' x >&2; echo; echo last >&2; printf unended >&2"));

        assertEquals("", Children.line(child));
        child.exited().get(10, TimeUnit.SECONDS);

        assertTrue(Children.millisSince(since) < 5_000);
        List<String> lines = Children.stderrWith(child, "unended");
        assertTrue(
                lines.get(0).endsWith(" ... (cut, lineBytes=1048580)"),
                lines.get(0).substring(4_000));
        assertEquals("unended", lines.get(lines.size() - 1));
        child.stop(Duration.ZERO);
    }

    @Test
    void lastLinesOfAChildThatHasJustEndedComeIntoTheReport() throws Exception {
        for (int i = 0; i < 10; i++) {
            ChildProcess child = ChildProcess.start(Children.sh("echo first >&2; echo last >&2; exit 7"));
            child.exited().get(10, TimeUnit.SECONDS);

            assertEquals(List.of("first", "last"), Children.stderrWith(child, "last"));
            child.stop(Duration.ZERO);
        }
    }

    private static StderrPump drained(InputStream in) {
        StderrPump pump = new StderrPump(in, line -> {});
        pump.start("test");
        assertTrue(pump.awaitEnd(Children.PATIENCE));
        return pump;
    }
}
