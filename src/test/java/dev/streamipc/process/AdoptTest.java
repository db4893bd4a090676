package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AdoptTest {

    @Test
    void drainsStderrAndEndsTheProcessThatItOwns() throws Exception {
        Process process = new ProcessBuilder("sh", "-c", "echo hello >&2; echo up; exec sleep 60").start();
        ChildProcess child = ChildProcess.adopt(process, "mine", true);
        assertEquals("up", Children.line(child));

        assertTrue(child.stop(Duration.ZERO));

        assertEquals("mine", child.name());
        assertEquals(List.of("hello"), Children.stderrWith(child, "hello"));
        assertFalse(process.isAlive());
    }

    @Test
    void leavesAProcessThatItDoesNotOwnAlone() throws Exception {
        Process process = new ProcessBuilder("sleep", "60")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        ChildProcess child = ChildProcess.adopt(process, "theirs", false);

        assertFalse(child.stop(Duration.ofMillis(20)));

        assertTrue(process.isAlive() && !child.owned());
        process.destroyForcibly();
        child.exited().get(5, TimeUnit.SECONDS);
        assertTrue(child.stop(Duration.ZERO));
    }

    @Test
    void acceptsAProcessClassWithoutHandle() throws Exception {
        Remote remote = new Remote(InputStream.nullInputStream());
        ChildProcess child = ChildProcess.adopt(remote, "remote", true);

        assertTrue(child.stop(Duration.ZERO));

        assertEquals(List.of(), child.command());
        assertEquals(9, child.report(0, 0).exitCode().orElseThrow());
        assertEquals(-1, child.report(0, 0).pid());
    }

    @Test
    void reportWaitsForTheLastLinesButNotForLong() throws IOException {
        try (PipedInputStream stderr = new PipedInputStream();
                PipedOutputStream held = new PipedOutputStream(stderr)) {
            Remote remote = new Remote(stderr);
            ChildProcess child = ChildProcess.adopt(remote, "remote", true);
            remote.destroy();
            child.exited().join();
            long since = System.nanoTime();

            assertEquals(List.of(), child.report(0, 0).lastStderr());

            long millis = Children.millisSince(since);
            assertTrue(millis >= 20 && millis < 5_000, millis + " ms");
            held.write('x');
        }
    }

    /** As a library for containers or for remote machines would have it: no pid, no handle. */
    private static final class Remote extends Process {
        private final CompletableFuture<Integer> exit = new CompletableFuture<>();
        private final InputStream stderr;

        Remote(InputStream stderr) {
            this.stderr = stderr;
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(new byte[0]);
        }

        @Override
        public InputStream getErrorStream() {
            return stderr;
        }

        @Override
        public int waitFor() {
            return exit.join();
        }

        @Override
        public int exitValue() {
            return exit.join();
        }

        @Override
        public void destroy() {
            exit.complete(9);
        }
    }
}
