package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A channel with a defect: from some moment on its write throws what a write must not throw. */
@Timeout(20)
class BrokenWriteTest {

    /** With a capacity the asking thread writes, without one the writer thread does. */
    private static final class Breaking implements IpcChannel {

        private final IpcChannel inner;
        private final int capacityBytes;
        private volatile boolean broken;

        Breaking(IpcChannel inner, int capacityBytes) {
            this.inner = inner;
            this.capacityBytes = capacityBytes;
        }

        @Override
        public int read(ByteBuffer dst) throws IOException {
            return inner.read(dst);
        }

        @Override
        public void write(ByteBuffer src) throws IOException {
            if (broken) {
                throw new IllegalStateException("a defect of the channel");
            }
            inner.write(src);
        }

        @Override
        public void close() throws IOException {
            inner.close();
        }

        @Override
        public int capacityBytes() {
            return capacityBytes;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65_536})
    void endsTheSessionAndItsCalls(int capacityBytes) throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
        Breaking channel = new Breaking(pair.left(), capacityBytes);
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession child = peer.createSession(pair.right(), Role.CHILD);
            child.onRequest(Ask.class, ask -> new Answer(ask.text()));
            child.start();
            IpcSession parent = peer.createSession(channel, Role.PARENT);
            assertEquals("x", parent.call(new Ask("x")).text());

            channel.broken = true;
            CompletableFuture<Answer> call = parent.request(new Ask("y"));

            CompletionException failed = assertThrows(CompletionException.class, call::join);
            assertInstanceOf(SessionClosed.class, failed.getCause());
            assertTrue(parent.awaitClosed(Duration.ofSeconds(10)));
        }
    }
}
