package dev.streamipc.channel;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** From the side of the child, with rings of the usual size. */
class SharedMemoryChildChannelTest extends WakingChannelContract {

    @TempDir
    Path directory;

    @Override
    public Ends connect() throws IOException {
        Ends ends = SharedMemoryChannelTest.connect(directory, SharedMemoryChannel.DEFAULT_RING_BYTES);
        return new Ends(ends.there(), ends.here());
    }
}
