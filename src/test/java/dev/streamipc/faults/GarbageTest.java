package dev.streamipc.faults;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Cancelled;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.ProtocolError;
import dev.streamipc.message.Undecodable;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Role;
import dev.streamipc.session.SessionEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes of others before, between and inside the frames: what is whole arrives, what is damaged fails alone. */
@Timeout(120)
class GarbageTest {

    static final int SORTS = sorts().size();
    private static final Matrix MATRIX = Matrix.of(GarbageTest.class);

    private enum Place {
        BEFORE,
        BETWEEN,
        IN_PAYLOAD,
        IN_HEADER
    }

    private static List<byte[]> sorts() {
        byte[] magic = {(byte) 0xFA, (byte) 0xC1, (byte) 0xF5, (byte) 0xFD};
        byte[] firsts = new byte[60];
        Arrays.fill(firsts, magic[0]);
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        byte[] foreign = new Headers.Head(1, Kind.NOTIFY.number(), 1, 0, 77).with(new byte[40]);
        return List.of(
                "a line of a log\n".getBytes(StandardCharsets.UTF_8),
                "a prompt> ".getBytes(StandardCharsets.UTF_8),
                "gr\u00f6\u00dfe, \u4f60\u597d, \ud83d\ude00\r\n".getBytes(StandardCharsets.UTF_8),
                all,
                firsts,
                magic,
                Arrays.copyOf(magic, 3),
                Arrays.copyOf(foreign, 23),
                foreign,
                new byte[3 * 8_192],
                "a long story. ".repeat(10_000).getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void whatIsWholeArrivesAndWhatIsDamagedFailsAlone(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        for (Place place : Place.values()) {
            String row =
                    "garbage." + place.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
            for (int number = 1; number <= Plan.row(row).cases(Profile.current()); number++) {
                byte[] junk = sorts().get(number % SORTS);
                boolean pump = number % 2 == 0;
                MATRIX.run(row, combo, number, evidence -> read(combo, place, junk, pump, evidence));
            }
            MATRIX.after(row, before.left());
        }
    }

    private static void read(Combo combo, Place place, byte[] junk, boolean pump, Evidence evidence) throws Exception {
        try (IpcPeer peer = peer(combo)) {
            MemoryChannel.Pair pair = MemoryChannel.pair(1 << 20, true);
            IpcSession session = peer.createSession(pair.left(), Role.PARENT);
            AtomicInteger junkChars = new AtomicInteger();
            session.events(event -> junkChars.addAndGet(lengthOf(event)));
            WireSide other = WireSide.on(pair.right(), Role.CHILD, Talk.serializer(combo));
            Sessions.drive(session, pump);
            if (place == Place.BEFORE) {
                other.raw(junk);
            }
            other.hello().ready();
            if (place == Place.IN_PAYLOAD || place == Place.IN_HEADER) {
                inside(session, other, place, junk, evidence);
            } else {
                outside(session, other, place, junk, evidence);
            }
            Eventually.await("the junk is told", () -> junkChars.get() > 0);
            other.close();
            evidence.proof("junkBytes", junk.length).proof("junkCharsTold", junkChars.get());
        }
    }

    private static int lengthOf(SessionEvent event) {
        return event instanceof SessionEvent.Junk junk ? junk.text().length() : 0;
    }

    private static void outside(IpcSession session, WireSide other, Place place, byte[] junk, Evidence evidence)
            throws Exception {
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Talk.Answer> call = session.request(new Talk.Ask("ask"));
            WireSide.Seen request = other.await(Kind.REQUEST);
            if (place == Place.BETWEEN) {
                other.raw(junk);
            }
            other.reply(request.id(), new Talk.Answer("answer " + i));
            evidence.require(call.join().text().equals("answer " + i), "a wrong answer");
            evidence.answered();
        }
    }

    /** Three answers; the one in the middle is damaged. */
    private static void inside(IpcSession session, WireSide other, Place place, byte[] junk, Evidence evidence)
            throws Exception {
        List<CompletableFuture<Talk.Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(session.request(new Talk.Ask("ask " + i)));
        }
        for (int i = 0; i < 3; i++) {
            long id = other.await(Kind.REQUEST).id();
            byte[] reply = other.frame(Kind.REPLY, 0, id, other.typed(new Talk.Answer("answer " + i)));
            int at = place == Place.IN_PAYLOAD ? 28 : 10;
            other.raw(i == 1 ? inserted(reply, at, junk) : reply);
        }
        for (int i = 0; i < 3; i += 2) {
            evidence.require(calls.get(i).join().text().equals("answer " + i), "a wrong answer");
            evidence.answered();
        }
        if (place == Place.IN_HEADER) {
            // nobody can tell whose answer it was
            evidence.require(calls.get(1).cancel(true), "the call whose answer is lost has ended: " + calls.get(1));
        }
        IpcFailure failure = Outcomes.failureOf(calls.get(1), evidence);
        evidence.require(
                place == Place.IN_PAYLOAD
                        ? failure instanceof Undecodable && failure.certainty() == Certainty.EXECUTED
                        : failure instanceof Cancelled && failure.certainty() == Certainty.MAYBE_EXECUTED,
                "wrong failure: " + failure);
    }

    private static byte[] inserted(byte[] frame, int at, byte[] junk) {
        return ByteBuffer.allocate(frame.length + junk.length)
                .put(frame, 0, at)
                .put(junk)
                .put(frame, at, frame.length - at)
                .array();
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void channelWithoutJunkEndsTheSessionAndSaysWhere(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        for (int number = 1; number <= Plan.row("garbage.strict").cases(Profile.current()); number++) {
            byte[] junk = sorts().get(number % SORTS);
            Place place = Place.values()[number % 4];
            boolean pump = number / 4 % 2 == 0;
            MATRIX.run("garbage.strict", combo, number, evidence -> strict(combo, place, junk, pump, evidence));
        }
        MATRIX.after("garbage.strict", before.left());
    }

    private static void strict(Combo combo, Place place, byte[] junk, boolean pump, Evidence evidence)
            throws Exception {
        try (IpcPeer peer = peer(combo)) {
            MemoryChannel.Pair pair = MemoryChannel.pair(1 << 20, false);
            IpcSession session = peer.createSession(pair.left(), Role.PARENT);
            WireSide other = WireSide.on(pair.right(), Role.CHILD, Talk.serializer(combo));
            Sessions.drive(session, pump);
            CompletableFuture<Talk.Answer> call = session.request(new Talk.Ask("ask"));
            if (place != Place.BEFORE) {
                other.hello().ready();
            }
            byte[] frame = place == Place.BEFORE
                    ? other.helloFrame()
                    : other.frame(Kind.REPLY, 0, other.await(Kind.REQUEST).id(), other.typed(new Talk.Answer("no")));
            int at = place == Place.IN_PAYLOAD ? 28 : place == Place.IN_HEADER ? 10 : 0;
            other.raw(inserted(frame, at, junk));

            IpcFailure failure = Outcomes.failureOf(call, evidence);
            WireSide.Seen goodbye = other.await(Kind.GOODBYE);

            evidence.proof("place", place)
                    .proof("rule", goodbye.text("text"))
                    .require(failure instanceof ProtocolError, "wrong failure: " + failure)
                    .require("PROTOCOL_ERROR".equals(goodbye.text("reason")), "wrong goodbye");
        }
    }

    private static IpcPeer peer(Combo combo) {
        return IpcPeer.builder()
                .messages(Talk.ALL)
                .serializers(Talk.serializer(combo))
                .deadline(Duration.ofSeconds(20))
                .closeLimit(Duration.ofMillis(200))
                .build();
    }
}
