package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Frame;
import dev.streamipc.frame.FrameDecoder;
import dev.streamipc.frame.FrameEncoder;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.FrameSink;
import dev.streamipc.frame.Kind;
import dev.streamipc.serial.TypeRegistry;
import dev.streamipc.serial.json.JsonMessageSerializer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;

/** The trace of frames begins and ends with the level of its logger, wherever the stream is. */
class WireSwitchTest {

    private static final int SALT = 0x1234_5678;
    private static final Duration TIME = Duration.ofSeconds(1);

    private final Switched log = new Switched();
    private final HandClock clock = new HandClock();
    private final TypeRegistry types = TypeRegistry.of(FakeSide.TYPES);
    private final WireTrace trace = new WireTrace(
            log,
            new Facts(
                    "traced",
                    Role.PARENT,
                    null,
                    Admission.FREE,
                    new PeerSettings(
                            types,
                            List.of(new JsonMessageSerializer()),
                            RequestIdGenerator::counter,
                            Limits.DEFAULT,
                            WhenFull.REJECT,
                            new PeerSettings.Times(TIME, TIME, TIME, TIME, TIME),
                            Optional.empty(),
                            Optional.empty(),
                            false,
                            clock),
                    null),
            SALT);

    private static byte[] frame(Kind kind, long id, byte[] payload) {
        byte[] frame = new byte[FrameHeader.LENGTH_BYTES + payload.length + FrameHeader.CRC_LENGTH_BYTES];
        System.arraycopy(payload, 0, frame, FrameHeader.LENGTH_BYTES, payload.length);
        return Arrays.copyOf(
                frame, new FrameEncoder(SALT).seal(frame, payload.length, kind.with(Flags.PAYLOAD_CRC), id));
    }

    private static byte[] note(long number) {
        return frame(Kind.NOTIFY, 0, FakeSide.typed(Samples.Note.class, "{\"number\":" + number + "}"));
    }

    @Test
    void framesThatLeaveAreFoundHoweverTheyAreCut() {
        log.on = true;
        byte[] both = Arrays.copyOf(note(1), 2 * note(1).length);
        System.arraycopy(note(2), 0, both, note(1).length, note(2).length);

        for (byte each : both) {
            trace.out(ByteBuffer.wrap(new byte[] {each}));
        }

        assertEquals(2, log.lines.size(), log.lines::toString);
        assertTrue(log.lines.get(0).endsWith(" B Samples.Note"), log.lines::toString);
    }

    @Test
    void bytesThatLeaveStayAsTheyAre() {
        log.on = true;
        ByteBuffer bytes = ByteBuffer.wrap(note(1)).position(0);
        ByteBuffer before = bytes.duplicate();

        trace.out(bytes);

        assertEquals(before, bytes);
        assertEquals(1, log.lines.size());
    }

    @Test
    void traceThatBeginsInsideAFrameShowsTheNextOne() {
        byte[] first = note(1);
        trace.out(ByteBuffer.wrap(first, 0, 30));
        log.on = true;
        trace.out(ByteBuffer.wrap(first, 30, first.length - 30));
        trace.out(ByteBuffer.wrap(frame(Kind.PING, 7, new byte[0])));

        assertEquals(1, log.lines.size(), log.lines::toString);
        assertTrue(log.lines.get(0).contains(" PING "), log.lines::toString);
    }

    @Test
    void traceThatWasOffForAWhileForgetsHalfAFrame() {
        log.on = true;
        byte[] first = frame(Kind.NOTIFY, 0, new byte[1_000]);
        trace.out(ByteBuffer.wrap(first, 0, 30));
        log.on = false;
        trace.out(ByteBuffer.wrap(first, 30, first.length - 30));
        log.on = true;
        trace.out(ByteBuffer.wrap(note(2)));

        assertEquals(1, log.lines.size(), log.lines::toString);
    }

    @Test
    void nothingIsSaidWhileItIsOff() {
        trace.out(ByteBuffer.wrap(note(1)));
        trace.junk(9);
        decodeInto(note(1));

        assertEquals(List.of(), log.lines);
    }

    @Test
    void whatComesInHasItsTimeAndANameOnceTheSidesAgree() {
        log.on = true;
        clock.advance(Duration.ofMillis(1_500));
        decodeInto(note(1));
        trace.agreed(new Agreement(new JsonMessageSerializer(), types.agree(types.entries(), false), Set.of(), null));
        decodeInto(note(1));
        trace.junk(9);

        assertTrue(log.lines.get(0).contains(" 1500.000 ms NOTIFY "), log.lines::toString);
        assertTrue(log.lines.get(0).endsWith(" B ?"), log.lines::toString);
        assertTrue(log.lines.get(1).endsWith(" B Samples.Note"), log.lines::toString);
        assertTrue(log.lines.get(2).contains(" JUNK ") && log.lines.get(2).endsWith(" 9 B"), log.lines::toString);
        assertFalse(log.lines.toString().contains("number"));
    }

    @Test
    void numberOfNoTypeHasNoName() {
        log.on = true;
        trace.out(ByteBuffer.wrap(frame(Kind.REPLY, 1, new byte[] {-1, -1})));
        trace.out(ByteBuffer.wrap(frame(Kind.REPLY, 1, new byte[] {0})));

        assertTrue(log.lines.get(0).endsWith(" 2 B ?"), log.lines::toString);
        assertTrue(log.lines.get(1).endsWith(" 1 B"), log.lines::toString);
    }

    private void decodeInto(byte[] bytes) {
        FrameDecoder decoder = new FrameDecoder(new InOnly(trace), 1 << 20, true);
        decoder.salt(SALT);
        decoder.room().put(bytes);
        decoder.received(bytes.length);
    }

    private record InOnly(WireTrace trace) implements FrameSink {

        @Override
        public void frame(Frame frame) {
            trace.in(frame);
        }

        @Override
        public void damaged(Frame head) {}

        @Override
        public void junk(byte[] bytes, int offset, int length) {}

        @Override
        public void violation(String rule, long offsetBytes, String hexNear) {}
    }

    /** A logger with TRACE and nothing else, on or off. */
    private static final class Switched extends LegacyAbstractLogger {

        private static final long serialVersionUID = 1L;

        private final transient List<String> lines = new ArrayList<>();
        private boolean on;

        @Override
        protected String getFullyQualifiedCallerName() {
            return Switched.class.getName();
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String text, Object[] arguments, Throwable thrown) {
            lines.add(text);
        }

        @Override
        public boolean isTraceEnabled() {
            return on;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return false;
        }

        @Override
        public boolean isWarnEnabled() {
            return false;
        }

        @Override
        public boolean isErrorEnabled() {
            return false;
        }
    }
}
