package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.FrameDecoder;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.ProtocolError;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Limits;
import dev.streamipc.session.Role;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Headers that claim a length which is none, the most, one more, or what a signed number would take for negative. */
@Timeout(120)
class LengthsTest {

    static final int KINDS = 13;
    private static final int MAX_PAYLOAD_BYTES = 1 << 20;
    private static final int MAX_HELLO_BYTES = 65_536;
    private static final long LEFT_FOR_ONE_HEADER_BYTES = 64 * 1024;
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private static final Matrix MATRIX = Matrix.of(LengthsTest.class);

    /** What a header claims, in terms of the limit of its kind. */
    enum Claim {
        NONE,
        MOST,
        ONE_MORE,
        MOST_OF_AN_INT,
        LEAST_OF_AN_INT,
        MINUS_ONE;

        int bytes(int limit) {
            return switch (this) {
                case NONE -> 0;
                case MOST -> limit;
                case ONE_MORE -> limit + 1;
                case MOST_OF_AN_INT -> Integer.MAX_VALUE;
                case LEAST_OF_AN_INT -> Integer.MIN_VALUE;
                case MINUS_ONE -> -1;
            };
        }

        boolean isRefused() {
            return compareTo(MOST) > 0;
        }
    }

    private static int limitOf(int kind) {
        return kind == Kind.HELLO.number() ? MAX_HELLO_BYTES : MAX_PAYLOAD_BYTES;
    }

    private static byte[] header(int kind, Claim claim) {
        boolean hello = kind == Kind.HELLO.number();
        return new Headers.Head(1, kind, Headers.PAYLOAD_CRC, 0, hello ? 0 : WireSide.SALT)
                .claiming(claim.bytes(limitOf(kind)));
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void lengthOverTheLimitEndsTheSessionWithItsNumbers(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        int cases = Plan.row("length.claimed").cases(Profile.current());
        for (int number = 1; number <= cases; number++) {
            int kind = 1 + number % KINDS;
            Claim claim = Claim.values()[number / KINDS % Claim.values().length];
            boolean mayCarryJunk = number % 2 == 0;
            MATRIX.run("length.claimed", combo, number, evidence -> claim(combo, kind, claim, mayCarryJunk, evidence));
        }
        MATRIX.after("length.claimed", before.left());
    }

    private static void claim(Combo combo, int kind, Claim claim, boolean mayCarryJunk, Evidence evidence)
            throws Exception {
        try (IpcPeer peer = IpcPeer.builder()
                .messages(Talk.ALL)
                .serializers(Talk.serializer(combo))
                .limits(Limits.DEFAULT.withMaxPayloadBytes(MAX_PAYLOAD_BYTES))
                .closeLimit(Duration.ofMillis(200))
                .build()) {
            MemoryChannel.Pair pair = MemoryChannel.pair(1 << 12, mayCarryJunk);
            IpcSession session = peer.createSession(pair.left(), Role.PARENT);
            WireSide other = WireSide.on(pair.right(), Role.CHILD, Talk.serializer(combo));
            other.hello().ready();
            CompletableFuture<Talk.Answer> call = session.request(new Talk.Ask("ask"));
            other.await(Kind.REQUEST);
            byte[] header = header(kind, claim);
            other.raw(header);
            if (!claim.isRefused()) {
                other.close();
            }
            IpcFailure failure = Outcomes.failureOf(call, evidence);

            String claimed = Integer.toUnsignedString(claim.bytes(limitOf(kind)));
            evidence.proof("kind", Kind.of(kind)).proof("lengthBytes", claimed);
            if (claim.isRefused()) {
                String text = String.valueOf(failure.getMessage());
                evidence.require(
                        failure instanceof ProtocolError
                                && text.contains("lengthBytes=" + claimed)
                                && text.contains("maxPayloadBytes=" + limitOf(kind)),
                        "wrong failure: " + failure);
                other.await(Kind.GOODBYE);
            } else {
                boolean ends = failure instanceof SessionClosed || failure instanceof ProtocolError;
                evidence.require(ends, "wrong failure: " + failure);
            }
            other.close();
        }
    }

    @Test
    void refusedHeaderAllocatesNextToNothing() throws Exception {
        Leftovers before = Leftovers.now();
        long[] worst = new long[2];
        MATRIX.runAtOnce("length.allocates", Combo.BYTES, evidence -> {
            int run = 0;
            for (int round = 0; round < 20; round++) {
                for (int kind = 1; kind <= KINDS; kind++) {
                    for (Claim claim : Claim.values()) {
                        if (claim != Claim.NONE) {
                            // the first rounds load classes
                            worst[0] = Math.max(round < 10 ? 0 : worst[0], decoded(header(kind, claim), claim));
                            run++;
                        }
                    }
                }
            }
            evidence.proof("headers", run).proof("worstBytes", worst[0]);
            evidence.require(worst[0] <= LEFT_FOR_ONE_HEADER_BYTES, "decoder: bytes=" + worst[0]);
            assertEquals(Plan.row("length.allocates").cases(Profile.current()), run, "headers");
        });
        MATRIX.figure("allocated per refused header by the decoder, max", worst[0], "bytes");
        MATRIX.runAtOnce("length.session-allocates", Combo.JSON_FAKE, evidence -> {
            int run = 0;
            for (int kind = 1; kind <= KINDS; kind++) {
                for (Claim claim : Claim.values()) {
                    if (claim.isRefused()) {
                        // the least of several: what only the first of a kind needs, such as classes, is not the
                        // header's
                        long least = Long.MAX_VALUE;
                        for (int round = 0; round < 4; round++) {
                            least = Math.min(least, refused(header(kind, claim)));
                            run++;
                        }
                        worst[1] = Math.max(worst[1], least);
                    }
                }
            }
            evidence.proof("headers", run).proof("worstBytes", worst[1]);
            evidence.require(worst[1] <= LEFT_FOR_ONE_HEADER_BYTES, "session: bytes=" + worst[1]);
            assertEquals(Plan.row("length.session-allocates").cases(Profile.current()), run, "headers");
        });
        MATRIX.after("length.session-allocates", before.left());
        MATRIX.figure("allocated per refused header by the thread that reads, max", worst[1], "bytes");
    }

    private static long decoded(byte[] header, Claim claim) {
        FoundFrames found = new FoundFrames();
        FrameDecoder decoder = new FrameDecoder(found, MAX_PAYLOAD_BYTES, true);
        decoder.salt(WireSide.SALT);
        ByteBuffer room = decoder.room();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        room.put(header);
        decoder.received(header.length);
        decoder.room();
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertEquals(claim.isRefused() ? 1 : 0, found.violations);
        return allocated;
    }

    /** What the reading thread allocates from the read of the header on until it is done with the session. */
    private static long refused(byte[] header) throws IOException {
        try (IpcPeer peer = IpcPeer.builder().messages(Talk.ALL).build()) {
            WireSide side = WireSide.silent(Role.CHILD, Talk.serializer(Combo.JSON_FAKE));
            long[] before = new long[1];
            ScriptChannel channel = new ScriptChannel(
                    written -> {
                        before[0] = before[0] == 0 ? THREADS.getCurrentThreadAllocatedBytes() : before[0];
                        return true;
                    },
                    side.helloFrame(),
                    side.readyFrame());
            channel.lastWords(header);
            peer.createSession(channel, Role.PARENT).serve();
            return THREADS.getCurrentThreadAllocatedBytes() - before[0];
        }
    }
}
