package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamChannelTest extends IpcChannelContract implements HalfCloseContract {

    private final CatRelay cats = new CatRelay();
    private Process toHere;

    /** One {@code cat} carries each direction, so that each end writes and reads real pipes. */
    @Override
    public Ends connect() throws IOException {
        Process toThere = cats.start("cat");
        toHere = cats.start("cat");
        return new Ends(
                StreamChannel.of(toHere.getInputStream(), toThere.getOutputStream()),
                StreamChannel.of(toThere.getInputStream(), toHere.getOutputStream()));
    }

    @Override
    public void endOutputOfThere() throws IOException {
        toHere.getOutputStream().close();
    }

    @AfterEach
    void endCats() throws InterruptedException {
        cats.end();
    }

    @Test
    void statesNoCapacityAndMayCarryJunk() {
        assertEquals(0, here.capacityBytes());
        assertTrue(here.mayCarryJunk());
    }

    @Test
    void blocksForOneByteWhereAStreamAnswersNothing() throws IOException {
        InputStream lazy = new InputStream() {
            private int left = 2;

            @Override
            public int read() {
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                return 0;
            }
        };
        IpcChannel channel = StreamChannel.of(lazy, OutputStream.nullOutputStream());
        ByteBuffer dst = ByteBuffer.allocate(8);

        assertEquals(1, channel.read(dst));
        assertEquals(1, channel.read(dst));
        assertEquals(-1, channel.read(dst));
        assertEquals(2, dst.position());
    }

    @Test
    void readOfAStreamThatNeverFailsStillFailsOnceClosed() throws IOException {
        IpcChannel channel = StreamChannel.of(new ByteArrayInputStream(new byte[3]), OutputStream.nullOutputStream());

        channel.close();

        IOException failure = assertThrows(IOException.class, () -> channel.read(ByteBuffer.allocate(1)));
        assertEquals("channel is closed on this side", failure.getMessage());
    }
}
