package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Well-formed frames with any content, in any order: every call ends, and the session can be closed. */
@Timeout(60)
class HostileSideTest {

    private static final int SEEDS = 60;
    private static final int FRAMES = 60;
    private static final Kind[] KINDS = {
        Kind.READY,
        Kind.REQUEST,
        Kind.REPLY,
        Kind.FAILURE,
        Kind.NOTIFY,
        Kind.STARTED,
        Kind.PROGRESS,
        Kind.CANCEL,
        Kind.PING,
        Kind.PONG,
        Kind.VOID,
        Kind.GOODBYE
    };
    private static final String[] TEXTS = {
        "{\"reads\":\"reader\"}",
        "{\"reads\":7}",
        "{}",
        "null",
        "[[[[",
        "{\"failure\":\"Rejected\",\"reason\":\"NO\"}",
        "{\"failure\":\"X\",\"message\":\"\\ud800\"}",
        "{\"failure\":\"Undecodable\",\"subject\":\"ANSWER\",\"cause\":\"\"}",
        "{\"failure\":\"RemoteFailure\",\"type\":null}",
        "{\"reason\":\"CLOSED\",\"text\":\"\",\"lastStarted\":\"zz\"}",
        "{\"reason\":\"CLOSED\",\"text\":\"\",\"lastStarted\":\"0000000000000001\"}",
        "{\"reason\":\"CLOSED\",\"text\":\"bye\",\"lastStarted\":null}",
        "{\"reason\":[],\"text\":{}}"
    };

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @ValueSource(strings = {"reader", "pump"})
    void everyCallEndsWhateverComesIn(String how) throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            try (IpcPeer peer = IpcPeer.builder()
                    .messages(Samples.ALL)
                    .deadline(Duration.ofMillis(300))
                    .closeLimit(Duration.ofMillis(50))
                    .build()) {
                MemoryChannel.Pair pair = MemoryChannel.pair(1 << 20);
                IpcSession session = peer.createSession(pair.left(), Role.PARENT);
                FakeSide other = FakeSide.on(pair.right(), Role.CHILD);
                attack(session, other, how, new Random(seed));
                other.close();
            }
        }
    }

    private static void attack(IpcSession session, FakeSide other, String how, Random random) throws Exception {
        session.onRequest(Ask.class, ask -> new Answer(ask.text()));
        session.onMessage(Note.class, note -> {});
        Thread pump = new Thread(session::serve, "test-pump");
        pump.setDaemon(true);
        if (how.equals("pump")) {
            pump.start();
        } else {
            session.start();
        }
        other.hello().ready("reader");
        List<CompletableFuture<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            calls.add(session.request(new Ask("x")));
        }
        bombard(other, random);

        for (CompletableFuture<Answer> call : calls) {
            Throwable failure = call.handle((answer, thrown) -> thrown).get(5, TimeUnit.SECONDS);
            assertTrue(failure == null || failure instanceof IpcFailure, String.valueOf(failure));
        }
        session.beginClose();
        assertNotNull(session.toString());
        pump.join(5_000);
        assertTrue(!pump.isAlive(), "serve has not returned");
    }

    private static void bombard(FakeSide other, Random random) {
        try {
            for (int i = 0; i < FRAMES; i++) {
                Kind kind = KINDS[
                        random.nextInt(30) == 0 ? random.nextInt(KINDS.length) : 1 + random.nextInt(KINDS.length - 2)];
                long id = kind.idMustBeZero() ? 0 : random.nextInt(8);
                boolean asks = kind == Kind.REQUEST || kind == Kind.PING || random.nextInt(10) == 0;
                other.send(kind, 0, asks && id != 0 ? id | Long.MIN_VALUE : id, payload(random));
            }
        } catch (IOException closed) {
            assertEquals("channel is closed on the other side", closed.getMessage());
        }
    }

    private static byte[] payload(Random random) {
        switch (random.nextInt(4)) {
            case 0 -> {
                return new byte[random.nextInt(8)];
            }
            case 1 -> {
                return FakeSide.asked(Ask.class, random.nextInt(3) - 1, "{\"text\":\"" + random.nextInt() + "\"}");
            }
            case 2 -> {
                return FakeSide.typed(Answer.class, "{\"text\":\"\\ud800\"}");
            }
            default -> {
                return TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8);
            }
        }
    }
}
