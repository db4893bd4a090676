package dev.streamipc.faults;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Undecodable;
import dev.streamipc.message.Undecodable.Side;
import dev.streamipc.message.Undecodable.Subject;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Role;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Payloads of a type that no table has: only what they belong to fails. */
@Timeout(120)
class UnknownTypesTest {

    private static final List<Kind> KINDS = List.of(Kind.REQUEST, Kind.REPLY, Kind.NOTIFY, Kind.PROGRESS);

    /** The first that is none, and what a signed number would take for the largest, and for -1. */
    private static final int[] TYPES = {WireSide.TYPES, Short.MAX_VALUE, 0xFFFF};

    /** Each kind and each type, with a reader and as a pump. */
    static final int CASES = 2 * KINDS.size() * TYPES.length;

    private static final long ASKED_THERE = WireFrames.CHILD_BIT | 9;
    private static final Matrix MATRIX = Matrix.of(UnknownTypesTest.class);

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void onlyWhatHasTheUnknownTypeFails(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        for (int number = 1; number <= Plan.row("type.unknown").cases(Profile.current()); number++) {
            Kind kind = KINDS.get(number % KINDS.size());
            int type = TYPES[number / KINDS.size() % TYPES.length];
            boolean pump = number / KINDS.size() / TYPES.length % 2 == 0;
            MATRIX.run("type.unknown", combo, number, evidence -> {
                evidence.proof("kind", kind).proof("type", type);
                hear(combo, kind, type, pump, evidence);
            });
        }
        MATRIX.after("type.unknown", before.left());
    }

    private static void hear(Combo combo, Kind kind, int type, boolean pump, Evidence evidence) throws Exception {
        try (IpcPeer peer = IpcPeer.builder()
                .messages(Talk.ALL)
                .serializers(Talk.serializer(combo))
                .closeLimit(Duration.ofMillis(200))
                .build()) {
            MemoryChannel.Pair pair = MemoryChannel.pair(1 << 12);
            WireSide other = WireSide.on(pair.right(), Role.CHILD, Talk.serializer(combo));
            IpcSession session = peer.createSession(pair.left(), Role.PARENT);
            AtomicInteger handled = new AtomicInteger();
            session.onRequest(Talk.Ask.class, ask -> new Talk.Answer("handled " + handled.incrementAndGet()));
            session.onMessage(Talk.Note.class, note -> handled.incrementAndGet());
            Sessions.drive(session, pump);
            other.hello().ready();
            CompletableFuture<Talk.Answer> call = session.request(
                    new Talk.Ask("ask"),
                    CallOptions.DEFAULT.onProgress(Talk.Note.class, news -> handled.incrementAndGet()));
            long id = other.await(Kind.REQUEST).id();

            other.send(
                    kind,
                    kind == Kind.REQUEST ? ASKED_THERE : kind == Kind.NOTIFY ? 0 : id,
                    payload(other, kind, type));

            if (kind == Kind.REQUEST) {
                String failure =
                        new String(other.await(Kind.FAILURE).payload(), java.nio.charset.StandardCharsets.UTF_8);
                evidence.require(
                        failure.contains("\"Undecodable\"") && failure.contains("\"ARGUMENT\""),
                        "answered with " + failure);
            }
            if (kind != Kind.REPLY) {
                other.reply(id, new Talk.Answer("right"));
            }
            outcome(kind, call, evidence);
            evidence.require(handled.get() == 0, "something was handed over: times=" + handled);
            other.send(Kind.REQUEST, ASKED_THERE + 1, other.asked(new Talk.Ask("go on"), 5_000));
            evidence.require(
                    other.await(Kind.REPLY).id() == ASKED_THERE + 1 && handled.get() == 1,
                    "the session does not go on");
            other.close();
        }
    }

    /** Right in all but its type. */
    private static byte[] payload(WireSide other, Kind kind, int type) {
        byte[] payload = switch (kind) {
            case REQUEST -> other.asked(new Talk.Ask("ask"), 5_000);
            case REPLY -> other.typed(new Talk.Answer("wrong"));
            default -> other.typed(new Talk.Note(1));
        };
        ByteBuffer.wrap(payload).putShort((short) type);
        return payload;
    }

    private static void outcome(Kind kind, CompletableFuture<Talk.Answer> call, Evidence evidence) throws Exception {
        if (kind == Kind.REPLY) {
            IpcFailure failure = Outcomes.failureOf(call, evidence);
            evidence.require(
                    failure instanceof Undecodable undecodable
                            && undecodable.subject() == Subject.ANSWER
                            && undecodable.side() == Side.HERE,
                    "wrong failure: " + failure);
        } else {
            evidence.require(call.join().text().equals("right"), "a wrong answer")
                    .answered();
        }
    }
}
