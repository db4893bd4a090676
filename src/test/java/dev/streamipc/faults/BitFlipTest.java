package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Frame;
import dev.streamipc.frame.FrameDecoder;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.FrameSink;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Role;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bits that flip on the way: no altered frame is taken for one, and those beside it arrive. */
@Timeout(120)
class BitFlipTest {

    static final int FRAMES = 2 * RealFrames.PER_SERIALIZER;
    private static final int MOST_FLIPS = 16;
    private static final int CALLS_AT_ONCE = 500;
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Matrix MATRIX = Matrix.of(BitFlipTest.class);

    @Test
    void eachSingleBitOfRealFramesIsMissed() throws Exception {
        List<RealFrames.Found> frames = RealFrames.all();
        MATRIX.runAtOnce("flip.single", Combo.BYTES, evidence -> {
            Tally tally = new Tally();
            for (RealFrames.Found frame : frames) {
                Decoding decoding = new Decoding(frame, tally);
                for (int bit = 0; bit < frame.bytes().length * 8; bit++) {
                    decoding.run(flipped(frame.bytes(), bit));
                    strict(frame, bit, tally);
                }
            }
            evidence.proof("kinds", kinds(frames)).proof("bits", tally.streams);
            tally.judge(evidence);
            assertEquals(FRAMES, frames.size(), "frames");
        });
    }

    private static String kinds(List<RealFrames.Found> frames) {
        return frames.stream().map(frame -> frame.kind().name()).distinct().collect(Collectors.joining(" "));
    }

    /** Where nobody else writes, the first damage is the end. */
    private static void strict(RealFrames.Found frame, int bit, Tally tally) {
        Decoding strict = new Decoding(frame, tally.beside(), false);
        strict.run(flipped(frame.bytes(), bit));
        Tally seen = strict.tally;
        if (seen.neighbours != 1 || seen.altered != 0 || seen.violations != 1) {
            tally.altered++;
        }
    }

    @Test
    void manyBitsAtOnceAreMissedToo() throws Exception {
        List<RealFrames.Found> frames = RealFrames.all();
        MATRIX.runAtOnce("flip.random", Combo.BYTES, evidence -> {
            boolean night = Profile.current() == Profile.NIGHT;
            long seed = night ? System.nanoTime() : 20;
            evidence.proof("seed", seed);
            Random random = new Random(seed);
            Tally tally = new Tally();
            int all = Plan.row("flip.random").cases(Profile.current());
            for (int run = 0; run < all; run += frames.size()) {
                for (RealFrames.Found frame : frames) {
                    new Decoding(frame, tally).run(flipped(frame.bytes(), random));
                }
            }
            evidence.proof("streams", tally.streams);
            tally.judge(evidence);
            assertEquals(all, tally.streams, "streams");
        });
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        return flipped;
    }

    private static byte[] flipped(byte[] bytes, Random random) {
        byte[] flipped = bytes.clone();
        int left = 2 + random.nextInt(MOST_FLIPS - 1);
        while (left > 0) {
            int bit = random.nextInt(bytes.length * 8);
            byte mask = (byte) (1 << bit % 8);
            // each bit once: two flips of one would alter nothing
            if ((flipped[bit / 8] & mask) == (bytes[bit / 8] & mask)) {
                flipped[bit / 8] ^= mask;
                left--;
            }
        }
        return flipped;
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void sessionHearsNothingThatWasNotSaid(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        MATRIX.runAtOnce("flip.session", combo, evidence -> {
            int calls = Plan.row("flip.session").cases(Profile.current());
            MemoryChannel.Pair pair = MemoryChannel.pair(1 << 16, true);
            FlippingChannel left = new FlippingChannel(pair.left(), 1);
            FlippingChannel right = new FlippingChannel(pair.right(), 2);
            try (IpcPeer peer = IpcPeer.builder()
                    .messages(Talk.ALL)
                    .serializers(Talk.serializer(combo))
                    .deadline(SHORT)
                    .closeLimit(Duration.ofMillis(200))
                    .build()) {
                IpcSession parent = peer.createSession(left, Role.PARENT);
                IpcSession child = peer.createSession(right, Role.CHILD);
                child.onRequest(Talk.Ask.class, ask -> {
                    evidence.require(ask.text().matches("ask [0-9]+"), "nobody asked: " + ask);
                    return new Talk.Answer(ask.text());
                });
                child.start();
                parent.call(new Talk.Ask("ask 0"), CallOptions.deadline(Duration.ofSeconds(10)));
                left.flipFromNowOn();
                right.flipFromNowOn();
                for (int first = 0; first < calls; first += CALLS_AT_ONCE) {
                    ask(parent, first, evidence);
                }
                right.close();
            }
            evidence.proof("flips", left.flips() + right.flips());
            evidence.require(left.flips() > calls / 20 && right.flips() > calls / 20, "too few flips");
        });
        MATRIX.after("flip.session", before.left());
    }

    private static void ask(IpcSession parent, int first, Evidence evidence) throws Exception {
        List<CompletableFuture<Talk.Answer>> calls = new ArrayList<>();
        for (int i = first; i < first + CALLS_AT_ONCE; i++) {
            calls.add(parent.request(new Talk.Ask("ask " + i)));
        }
        for (int i = 0; i < CALLS_AT_ONCE; i++) {
            String asked = "ask " + (first + i);
            calls.get(i).thenAccept(answer -> evidence.require(answer.text().equals(asked), "altered: " + answer));
            Outcomes.count(calls.get(i), evidence);
        }
    }

    /** What came out of many streams of three frames, the middle one damaged. */
    private static final class Tally {

        private int streams;
        private long neighbours;
        private long altered;
        private long violations;

        Tally beside() {
            return new Tally();
        }

        void judge(Evidence evidence) {
            evidence.count("altered messages accepted", altered)
                    .proof("neighboursDelivered", neighbours)
                    .require(altered == 0, "altered frames accepted: count=" + altered)
                    .require(neighbours == 2L * streams, "neighbours lost: delivered=" + neighbours)
                    .require(violations == 0, "violations where junk may be: count=" + violations);
        }
    }

    /** One damaged frame between two whole ones. */
    private static final class Decoding implements FrameSink {

        private final RealFrames.Found real;
        private final Tally tally;
        private final FrameDecoder decoder;

        Decoding(RealFrames.Found real, Tally tally) {
            this(real, tally, true);
        }

        Decoding(RealFrames.Found real, Tally tally, boolean mayCarryJunk) {
            this.real = real;
            this.tally = tally;
            this.decoder = new FrameDecoder(this, 1 << 20, mayCarryJunk);
            decoder.salt(real.salt());
        }

        void run(byte[] damaged) {
            tally.streams++;
            for (byte[] piece : new byte[][] {real.before(), damaged, real.after()}) {
                ByteBuffer room = decoder.room();
                room.put(piece);
                decoder.received(piece.length);
            }
        }

        @Override
        public void frame(Frame frame) {
            if (isSame(frame, real.before()) || isSame(frame, real.after())) {
                tally.neighbours++;
            } else {
                tally.altered++;
            }
        }

        private static boolean isSame(Frame frame, byte[] bytes) {
            int from = frame.payloadOffset() - FrameHeader.LENGTH_BYTES;
            return Arrays.equals(frame.payload(), from, from + bytes.length, bytes, 0, bytes.length);
        }

        /** Its call is failed by the id in its header, so that must be whole. */
        @Override
        public void damaged(Frame head) {
            int from = head.payloadOffset() - FrameHeader.LENGTH_BYTES;
            int length = FrameHeader.LENGTH_BYTES;
            if (!Arrays.equals(head.payload(), from, from + length, real.bytes(), 0, length)) {
                tally.altered++;
            }
        }

        @Override
        public void junk(byte[] bytes, int offset, int length) {}

        @Override
        public void violation(String rule, long offsetBytes, String hexNear) {
            tally.violations++;
        }
    }
}
