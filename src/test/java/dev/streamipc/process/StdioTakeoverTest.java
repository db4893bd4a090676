package dev.streamipc.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.StreamChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 15, threadMode = ThreadMode.SEPARATE_THREAD)
class StdioTakeoverTest {

    private Process child;
    private IpcChannel channel;
    private BufferedReader stderr;

    @BeforeEach
    void start() throws IOException {
        child = Jvm.of(TakeoverChild.class).redirectError(Redirect.PIPE).start();
        channel = StreamChannel.ofProcess(child);
        stderr = new BufferedReader(new InputStreamReader(child.getErrorStream(), UTF_8));
    }

    @AfterEach
    void end() throws InterruptedException {
        child.destroyForcibly().waitFor();
    }

    @Test
    void printsGoToStderrAndStdinLooksEmpty() throws IOException {
        assertEquals("printed", stderr.readLine());
        assertEquals("in=-1", stderr.readLine());
    }

    @Test
    void secondTakeIsRefused() throws IOException {
        skipLines(2);

        assertEquals(
                "second=stdio is already taken: a JVM has one stdin and one stdout, keep the session that owns them",
                stderr.readLine());
    }

    @Test
    void channelStatesOnePipeWriteAndMayCarryJunk() throws IOException {
        skipLines(3);

        assertEquals("capacityBytes=4096, junk=true", stderr.readLine());
    }

    @Test
    void onlyWhatWasPrintedBeforeStandsInFrontOfTheBytes() throws Exception {
        byte[] sent = new byte[1 << 20];
        new Random(1).nextBytes(sent);
        FutureTask<?> write = new FutureTask<>(() -> {
            channel.write(ByteBuffer.wrap(sent));
            return null;
        });
        new Thread(write, "sender").start();

        assertEquals('<', readExactly(1)[0]);
        assertArrayEquals(sent, readExactly(sent.length));
        write.get();
    }

    @Test
    void closeEndsTheStreamOfAChildThatLivesOn() throws IOException {
        skipLines(4);
        readExactly(1);
        child.getOutputStream().close();

        assertEquals(-1, channel.read(ByteBuffer.allocate(8_192)));
        assertEquals("interrupted=true", stderr.readLine());
        assertTrue(child.isAlive());
    }

    @Test
    void interruptFromTheTerminalDoesNotEndTheChild() throws Exception {
        skipLines(4);
        readExactly(1);

        Process kill = new ProcessBuilder("kill", "-INT", Long.toString(child.pid())).start();

        assertEquals(0, kill.waitFor());
        channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertArrayEquals(new byte[] {1, 2, 3}, readExactly(3));
        assertTrue(ignores(child.pid(), 2));
    }

    /** The signal is delivered later than {@code kill} returns, so the bytes that came back prove too little alone. */
    private static boolean ignores(long pid, int signal) throws Exception {
        Process grep = new ProcessBuilder("grep", "^SigIgn:", "/proc/" + pid + "/status").start();
        String line = new String(grep.getInputStream().readAllBytes(), UTF_8).strip();
        assertTrue(grep.waitFor(5, SECONDS));
        long mask = Long.parseUnsignedLong(line.substring(line.lastIndexOf('\t') + 1), 16);
        return (mask >> (signal - 1) & 1) == 1;
    }

    private void skipLines(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            stderr.readLine();
        }
    }

    private byte[] readExactly(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            assertTrue(channel.read(bytes) > 0, "stream ended after " + bytes.position() + " bytes");
        }
        return bytes.array();
    }
}
