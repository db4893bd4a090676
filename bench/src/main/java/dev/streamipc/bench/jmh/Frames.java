package dev.streamipc.bench.jmh;

import dev.streamipc.frame.Frame;
import dev.streamipc.frame.FrameDecoder;
import dev.streamipc.frame.FrameEncoder;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.FrameSink;
import dev.streamipc.frame.Kind;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A small payload into a frame, and frames out of a stream; beside a plain copy of as many bytes. */
@State(Scope.Thread)
public class Frames {

    private static final int SALT = 0x1234_5678;
    private static final int PAYLOAD_BYTES = 12;
    private static final int FRAMES = 64;
    private static final int WORD = Kind.REQUEST.with(0);

    private final FrameEncoder encoder = new FrameEncoder(SALT);
    private final byte[] frame = new byte[FrameHeader.LENGTH_BYTES + PAYLOAD_BYTES];
    private final byte[] stream = new byte[FRAMES * frame.length];
    private final byte[] copied = new byte[frame.length];
    private final Count count = new Count();
    private final FrameDecoder decoder = new FrameDecoder(count, 1 << 20, false);
    private long id;

    /** Made by JMH. */
    public Frames() {}

    /** Makes a stream of frames. */
    @Setup(Level.Trial)
    public void setUp() {
        decoder.salt(SALT);
        for (int at = 0; at < FRAMES; at++) {
            encode();
            System.arraycopy(frame, 0, stream, at * frame.length, frame.length);
        }
    }

    /** Measures. */
    @Benchmark
    public int encode() {
        return encoder.seal(frame, PAYLOAD_BYTES, WORD, ++id);
    }

    /** Measures: as many frames as one read brings. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public int decode() {
        decoder.room().put(stream);
        decoder.received(stream.length);
        return count.frames;
    }

    /** The least that could be done with the bytes. */
    @Benchmark
    public byte[] copy() {
        System.arraycopy(frame, 0, copied, 0, frame.length);
        Arrays.fill(copied, 0, 1, (byte) id++);
        return copied;
    }

    private static final class Count implements FrameSink {

        private int frames;

        @Override
        public void frame(Frame found) {
            frames++;
        }

        @Override
        public void damaged(Frame head) {
            throw new IllegalStateException("damaged");
        }

        @Override
        public void junk(byte[] bytes, int offset, int length) {
            throw new IllegalStateException("junk");
        }

        @Override
        public void violation(String rule, long offsetBytes, String hexNear) {
            throw new IllegalStateException(rule);
        }
    }
}
