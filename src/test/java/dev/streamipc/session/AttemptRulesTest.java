package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.Kind;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts in the bytes on the wire: as a session writes them, and as no session of ours does. */
@Timeout(30)
class AttemptRulesTest {

    private static final long ID = Long.MIN_VALUE | 1;
    private static final int HEAD_BYTES = 6;
    private static final String JSON = "{\"text\":\"x\"}";

    private final IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build();
    private final MemoryChannel.Pair pair = MemoryChannel.pair(1 << 20, true);
    private final IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
    private final FakeSide child = FakeSide.on(pair.right(), Role.CHILD);
    private final BlockingQueue<String> handled = new LinkedBlockingQueue<>();

    @AfterEach
    void close() throws Exception {
        child.close();
        peer.close();
    }

    private void start(boolean withFeatures) throws Exception {
        parent.onRequest(Ask.class, (ask, context) -> {
            handled.add(context.attempt() + " " + context.key());
            return new Answer(ask.text());
        });
        parent.start();
        if (withFeatures) {
            child.helloWithFeatures();
        } else {
            child.hello();
        }
        child.ready("reader");
        child.await(Kind.READY);
    }

    /** A payload of REQUEST with these bytes between time left and body. */
    private static byte[] asked(String moreHex, String json) {
        byte[] plain = FakeSide.asked(Ask.class, -1, json);
        byte[] more = HexFormat.of().parseHex(moreHex.replace(" ", ""));
        return ByteBuffer.allocate(plain.length + more.length)
                .put(plain, 0, HEAD_BYTES)
                .put(more)
                .put(plain, HEAD_BYTES, plain.length - HEAD_BYTES)
                .array();
    }

    private String handled() throws InterruptedException {
        return handled.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void attemptStandsBetweenTimeLeftAndBody() throws Exception {
        start(true);
        parent.request(new Ask("x"), CallOptions.DEFAULT.attempt(2, "k\u00FC"));

        FakeSide.Seen request = child.await(Kind.REQUEST);

        assertEquals(Flags.ATTEMPT, request.flags() & ~Flags.PAYLOAD_CRC);
        byte[] expected = asked("0002 0003 6bc3bc", JSON);
        System.arraycopy(request.payload(), 2, expected, 2, Integer.BYTES);
        assertArrayEquals(expected, request.payload());
    }

    @Test
    void callMadeBeforeTheHelloCarriesItTo() throws Exception {
        parent.request(new Ask("x"), CallOptions.DEFAULT.attempt(7, "early"));
        start(true);

        FakeSide.Seen request = child.await(Kind.REQUEST);

        assertEquals(Flags.ATTEMPT, request.flags() & ~Flags.PAYLOAD_CRC);
        assertEquals("early", new String(request.payload(), HEAD_BYTES + 4, 5, StandardCharsets.UTF_8));
    }

    @Test
    void callThatSaysNothingCostsNoByte() throws Exception {
        start(true);
        parent.request(new Ask("x"), CallOptions.DEFAULT);

        FakeSide.Seen request = child.await(Kind.REQUEST);

        assertEquals(0, request.flags() & ~Flags.PAYLOAD_CRC);
        assertEquals(HEAD_BYTES + JSON.length(), request.payload().length);
    }

    @Test
    void sideThatKnowsNoAttemptsIsToldNothing() throws Exception {
        start(false);
        var call = parent.request(new Ask("x"), CallOptions.DEFAULT.attempt(2, "k"));

        FakeSide.Seen request = child.await(Kind.REQUEST);

        assertEquals(0, request.flags() & ~Flags.PAYLOAD_CRC);
        assertEquals(HEAD_BYTES + JSON.length(), request.payload().length);
        child.send(Kind.REPLY, 0, request.id(), FakeSide.typed(Answer.class, "{\"text\":\"y\"}"));
        assertEquals(new Answer("y"), call.get(10, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @CsvSource({
        "0001 0000, 1 Optional.empty",
        "ffff 0000, 65535 Optional.empty",
        "0003 0001 6b, 3 Optional[k]",
        "0002 0004 f09f9982, 2 Optional[\uD83D\uDE42]"
    })
    void handlerReadsWhatStandsThere(String more, String expected) throws Exception {
        start(true);

        child.send(Kind.REQUEST, Flags.ATTEMPT, ID, asked(more, JSON));

        assertEquals(expected, handled());
        child.await(Kind.REPLY);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 20, 1_000})
    void attemptMayBeCutByChunks(int pieceBytes) throws Exception {
        start(true);
        // in chunks there is no checksum inside
        byte[] whole = child.frame(Kind.REQUEST, Flags.ATTEMPT, ID, asked("0003 0003 6b6579", JSON));
        byte[] frame = unchecked(whole);

        for (int at = 0; at < frame.length; at += pieceBytes) {
            int first = at == 0 ? Flags.FIRST_CHUNK : 0;
            int last = at + pieceBytes >= frame.length ? Flags.LAST_CHUNK : 0;
            byte[] piece = Arrays.copyOfRange(frame, at, Math.min(frame.length, at + pieceBytes));
            child.send(Kind.CHUNK, first | last, 1, piece);
        }

        assertEquals("3 Optional[key]", handled());
    }

    private static byte[] unchecked(byte[] frame) {
        int payloadBytes = frame.length - FrameHeader.LENGTH_BYTES - FrameHeader.CRC_LENGTH_BYTES;
        byte[] copy = Arrays.copyOf(frame, FrameHeader.LENGTH_BYTES + payloadBytes);
        new dev.streamipc.frame.FrameEncoder(FakeSide.SALT)
                .seal(copy, payloadBytes, Kind.REQUEST.with(Flags.ATTEMPT), ID);
        return copy;
    }

    @ParameterizedTest
    @CsvSource({
        "0000 0000, attempt=0",
        "0000 0001 6b, attempt=0",
        "0001 0401, keyBytes=1025",
        "0001 ffff, keyBytes=65535",
        "0001 0100 6b6b, keyBytes=256",
        "0001 0001 ff, no UTF-8",
        "0001 0003 eda080, no UTF-8",
    })
    void badAttemptFailsItsRequestAlone(String more, String cause) throws Exception {
        start(true);

        child.send(Kind.REQUEST, Flags.ATTEMPT, ID, asked(more, JSON));

        failsAlone(cause);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 6, 7, 9})
    void payloadThatEndsBeforeItFailsItsRequestAlone(int bytes) throws Exception {
        start(true);

        child.send(Kind.REQUEST, Flags.ATTEMPT, ID, Arrays.copyOf(asked("0001 0000", JSON), bytes));

        failsAlone("request without its attempt: missingBytes=" + (10 - bytes));
    }

    @Test
    void keyOfTheLengthOfAllThatIsLeftLeavesNoBody() throws Exception {
        start(true);

        child.send(Kind.REQUEST, Flags.ATTEMPT, ID, asked("0001 0003 6b6579", ""));

        failsAlone("Undecodable");
        assertTrue(handled.isEmpty());
    }

    private void failsAlone(String cause) throws Exception {
        String failure = child.await(Kind.FAILURE).text();
        assertTrue(failure.contains("Undecodable") && failure.contains("ARGUMENT"), failure);
        assertTrue(failure.contains(cause), failure);
        child.send(Kind.REQUEST, 0, Long.MIN_VALUE | 9, FakeSide.asked(Ask.class, -1, JSON));
        child.await(Kind.REPLY);
        assertEquals("1 Optional.empty", handled());
    }

    @Test
    void attemptOnATableOfAttachmentsThatIsNoneFailsItsRequestAlone() throws Exception {
        start(true);

        child.send(Kind.REQUEST, Flags.ATTEMPT | Flags.ATTACHMENTS, ID, asked("0001 0000", JSON));

        failsAlone("attachments");
    }

    @Test
    void flagThatWasNotAgreedOnEndsTheSession() throws Exception {
        start(false);

        child.send(Kind.REQUEST, Flags.ATTEMPT, ID, asked("0001 0000", JSON));

        String goodbye = child.await(Kind.GOODBYE).text();
        assertTrue(goodbye.contains("PROTOCOL_ERROR") && goodbye.contains("flag not allowed here"), goodbye);
        assertTrue(handled.isEmpty());
    }
}
