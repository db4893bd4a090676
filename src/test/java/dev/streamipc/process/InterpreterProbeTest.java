package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class InterpreterProbeTest {

    private static final InterpreterProbe PROBE = new InterpreterProbe(Duration.ofSeconds(3));

    @Test
    void answerThatTheJdkIsJustCollectingIsWaitedFor() throws Exception {
        InterpreterProbe.Verdict verdict = PROBE.ask(new Ended("\nstreamipc-probe 3.11.2 /bin/sh\n"));

        assertEquals(new InterpreterProbe.Verdict(Path.of("/bin/sh"), "3.11.2"), verdict);
    }

    @Test
    void candidateThatSaysNothingIsNotWaitedForLong() throws Exception {
        assertEquals(
                "not Python, exitCode=0, output=(none)",
                PROBE.ask(new Ended("")).reason());
    }

    /** Its output looks closed, then empty, and is then there, as behind the exit of a real one. */
    private static final class Ended extends Process {

        private final InputStream collected;
        private int looks;

        Ended(String output) {
            collected = new ByteArrayInputStream(output.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public InputStream getInputStream() {
            looks++;
            return looks == 1 ? closed() : looks == 2 ? InputStream.nullInputStream() : collected;
        }

        private static InputStream closed() {
            InputStream stream = InputStream.nullInputStream();
            try {
                stream.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return stream;
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream getErrorStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public int waitFor() {
            return 0;
        }

        @Override
        public int exitValue() {
            return 0;
        }

        @Override
        public void destroy() {}

        @Override
        public java.util.stream.Stream<ProcessHandle> descendants() {
            return java.util.stream.Stream.empty();
        }
    }
}
