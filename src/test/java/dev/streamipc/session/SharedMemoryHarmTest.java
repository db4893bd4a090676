package dev.streamipc.session;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.SharedMemoryChannel;
import dev.streamipc.channel.SharedMemoryHost;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two sessions talk while somebody overwrites words of their shared memory: every call ends, whatever becomes of it. */
@Timeout(120)
class SharedMemoryHarmTest {

    private static final int ROUNDS = Integer.getInteger("streamipc.harms", 60);
    private static final int CALLS = 400;
    private static final int RING_BYTES = 4_096;
    private static final int WORDS_AT = 1_024;
    private static final int WORDS_BYTES = 2_048;

    @Test
    void everyCallEnds() throws Exception {
        for (int seed = 0; seed < ROUNDS; seed++) {
            round(new Random(seed), seed);
        }
    }

    private static void round(Random random, int seed) throws Exception {
        try (IpcPeer left = peer();
                IpcPeer right = peer()) {
            SharedMemoryHost host = SharedMemoryHost.open(RING_BYTES);
            MappedByteBuffer bytes = map(host.listener().path());
            SharedMemoryChannel below =
                    SharedMemoryChannel.connect(host.listener().path());
            // one byte, so that the parent's side has let the other in
            below.write(ByteBuffer.allocate(1));
            host.channel().read(ByteBuffer.allocate(1));
            IpcSession child = right.createSession(below, Role.CHILD);
            child.onRequest(Ask.class, ask -> new Answer(ask.text()));
            IpcSession parent = left.createSession(host.channel(), Role.PARENT);
            child.start();
            parent.call(new Ask("first"));
            List<CompletableFuture<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                calls.add(parent.request(new Ask("call " + i)));
                if (random.nextInt(40) == 0) {
                    harm(bytes, random);
                }
            }
            CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                    .handle((all, failed) -> failed)
                    .get(30, SECONDS);
            assertTrue(calls.stream().allMatch(CompletableFuture::isDone), "seed=" + seed);
        }
    }

    /** Half of it hits what steers. */
    private static void harm(MappedByteBuffer bytes, Random random) {
        boolean steers = random.nextBoolean();
        int offset =
                steers ? WORDS_AT + 8 * (random.nextInt(WORDS_BYTES / 128) * 16) : random.nextInt(bytes.capacity() - 8);
        switch (random.nextInt(3)) {
            case 0 -> bytes.put(offset, (byte) (bytes.get(offset) ^ 1 << random.nextInt(8)));
            case 1 -> bytes.putLong(offset, random.nextLong());
            default -> bytes.putLong(offset, random.nextInt(3));
        }
    }

    private static MappedByteBuffer map(Path socket) throws IOException {
        Path file = socket.resolveSibling(socket.getFileName() + ".ring");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(MapMode.READ_WRITE, 0, channel.size());
        }
    }

    private static IpcPeer peer() {
        return IpcPeer.builder()
                .messages(Samples.ALL)
                .deadline(Duration.ofSeconds(20))
                .closeLimit(Duration.ofMillis(300))
                .build();
    }
}
