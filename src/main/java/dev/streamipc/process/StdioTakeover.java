package dev.streamipc.process;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.StreamChannel;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes stdin and stdout of this process the channel to its parent, so that printing can't harm the protocol. */
public final class StdioTakeover {

    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    private StdioTakeover() {}

    /**
     * Takes file descriptors 0 and 1 for the protocol, for the rest of this JVM's life. From now on {@link System#out}
     * is {@link System#err}, {@link System#in} is at its end, and SIGINT is ignored, here and in every process that
     * this one starts: Ctrl-C reaches the whole group of the terminal, and the parent decides what it means.
     *
     * <p>What {@code System.out} still held goes to stdout first; the other side skips it as junk, like all that was
     * printed before. Whoever kept the old {@code System.out}, native code, and processes started with inherited
     * streams can still write to stdout: the other side skips that too. Bytes that somebody has read ahead through
     * {@code System.in} are lost, so call this before anything reads.
     *
     * <p>Blocks only while that flush waits for room in the pipe. Call it from any thread, once.
     *
     * @return the channel to the parent
     * @throws IllegalStateException if it was called before in this JVM
     */
    public static IpcChannel take() {
        claim();
        return claimed(new byte[0]);
    }

    static void claim() {
        if (!TAKEN.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "stdio is already taken: a JVM has one stdin and one stdout, keep the session that owns them");
        }
    }

    /**
     * Does what {@link #take} does, behind the claim.
     *
     * @param read what was read from stdin already
     */
    static IpcChannel claimed(byte[] read) {
        System.out.flush();
        System.setOut(System.err);
        System.setIn(InputStream.nullInputStream());
        // last: it wakes the logging framework, which may keep the System.out it finds
        InterruptShield.raise();
        return StreamChannel.ofStdio(read);
    }
}
