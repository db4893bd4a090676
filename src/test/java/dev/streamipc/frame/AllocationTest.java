package dev.streamipc.frame;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class AllocationTest {

    private static final int FRAMES = 20_000;

    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    @Test
    void decoderAllocatesNothingForAFrame() {
        byte[] frame = RawFrame.request(42, new byte[35]).bytes();
        byte[] bytes = Replay.join(Collections.nCopies(FRAMES, frame).toArray(byte[][]::new));
        FrameDecoder decoder = Replay.STDIO.decoder(new CountingSink());
        Replay.feed(decoder, bytes);

        long before = threads.getCurrentThreadAllocatedBytes();
        Replay.feed(decoder, bytes);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertTrue(allocated < FRAMES, "allocatedBytes=" + allocated + ", frames=" + FRAMES);
    }

    @Test
    void encoderAllocatesNextToNothingForAFrame() {
        FrameEncoder encoder = new FrameEncoder(RawFrame.SALT);
        byte[] frame = new byte[100];
        int word = Kind.REQUEST.with(Flags.PAYLOAD_CRC);

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < FRAMES; i++) {
            encoder.seal(frame, 35, word, i);
            encoder.voidOut(frame, 0);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        // at most the checksum object, and only until this is compiled
        assertTrue(allocated < 17L * FRAMES, "allocatedBytes=" + allocated + ", frames=" + FRAMES);
    }

    private static final class CountingSink implements FrameSink {

        private int frames;

        @Override
        public void frame(Frame frame) {
            frames++;
        }

        @Override
        public void damaged(Frame head) {
            throw new AssertionError("damaged: frames=" + frames);
        }

        @Override
        public void junk(byte[] bytes, int offset, int length) {
            throw new AssertionError("junk: frames=" + frames);
        }

        @Override
        public void violation(String rule, long offsetBytes, String hexNear) {
            throw new AssertionError(rule);
        }
    }
}
