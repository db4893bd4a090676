package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
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
        assertEquals(List.of("hello"), child.report(0, 0).lastStderr());
        assertFalse(process.isAlive());
    }

    @Test
    void leavesAProcessThatItDoesNotOwnAlone() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").redirectError(ProcessBuilder.Redirect.DISCARD).start();
        ChildProcess child = ChildProcess.adopt(process, "theirs", false);

        assertFalse(child.stop(Duration.ofMillis(20)));

        assertTrue(process.isAlive() && !child.owned());
        process.destroyForcibly();
        child.exited().get(5, TimeUnit.SECONDS);
        assertTrue(child.stop(Duration.ZERO));
    }

    @Test
    void acceptsAProcessClassWithoutHandle() throws Exception {
        Remote remote = new Remote();
        ChildProcess child = ChildProcess.adopt(remote, "remote", true);

        assertTrue(child.stop(Duration.ZERO));

        assertEquals(List.of(), child.command());
        assertEquals(9, child.report(0, 0).exitCode().orElseThrow());
        assertEquals(-1, child.report(0, 0).pid());
    }

    /** As a library for containers or for remote machines would have it: no pid, no handle. */
    private static final class Remote extends Process {
        private final CompletableFuture<Integer> exit = new CompletableFuture<>();

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
            return new ByteArrayInputStream(new byte[0]);
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
