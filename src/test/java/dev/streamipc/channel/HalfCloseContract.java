package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a channel does on top if one side may end its direction alone. */
interface HalfCloseContract {

    IpcChannel here();

    IpcChannel there();

    /** Ends what {@link #there} writes, and nothing else. */
    void endOutputOfThere() throws Exception;

    @Test
    default void writesGoOnBehindTheEndOfWhatIsRead() throws Exception {
        byte[] sent = IpcChannelContract.randomBytes(30, 5_000);
        IpcChannelContract.writeAll(there(), new byte[] {1});

        endOutputOfThere();

        assertEquals(1, here().read(ByteBuffer.allocate(10)));
        assertEquals(-1, here().read(ByteBuffer.allocate(10)));
        IpcChannelContract.writeAll(here(), sent);
        assertArrayEquals(sent, IpcChannelContract.readInSlices(there(), sent.length, new Random(31)));
        assertEquals(-1, here().read(ByteBuffer.allocate(10)));
    }
}
