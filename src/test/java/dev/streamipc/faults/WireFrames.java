package dev.streamipc.faults;

import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Kind;
import dev.streamipc.serial.json.ControlJson;
import dev.streamipc.session.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** One good frame of each kind, as a child would send it; equally long with either serializer. */
final class WireFrames {

    static final long CHILD_BIT = Long.MIN_VALUE;
    private static final int BODY_BYTES = 36;

    private WireFrames() {}

    record Sample(Kind kind, byte[] bytes) {}

    /** All kinds that are in use, in the order of their numbers. */
    static List<Sample> of(Combo combo) {
        WireSide side = WireSide.silent(Role.CHILD, Talk.serializer(combo));
        List<Sample> samples = new ArrayList<>();
        samples.add(new Sample(Kind.HELLO, side.helloFrame()));
        samples.add(new Sample(Kind.READY, side.readyFrame()));
        samples.addAll(afterOpening(side));
        return samples;
    }

    /** All kinds that may come once a session is open. */
    static List<Sample> afterOpening(Combo combo) {
        return afterOpening(WireSide.silent(Role.CHILD, Talk.serializer(combo)));
    }

    private static List<Sample> afterOpening(WireSide side) {
        byte[] asked = padded(text -> side.asked(new Talk.Ask("x".repeat(text)), 5_000));
        byte[] answer = padded(text -> side.typed(new Talk.Answer("x".repeat(text))));
        byte[] failure = ControlJson.write(Map.of("failure", "Rejected", "reason", "UNHANDLED", "facts", ""));
        return List.of(
                sample(side, Kind.REQUEST, Flags.WANT_STARTED, CHILD_BIT | 1, asked),
                sample(side, Kind.REPLY, 0, 1, answer),
                sample(side, Kind.FAILURE, 0, 1, failure),
                sample(side, Kind.NOTIFY, 0, 0, answer),
                sample(side, Kind.STARTED, 0, 1, new byte[0]),
                sample(side, Kind.PROGRESS, Flags.MERGED, 1, answer),
                sample(side, Kind.CANCEL, 0, CHILD_BIT | 1, new byte[] {'n', 'o'}),
                sample(side, Kind.PING, 0, CHILD_BIT | 1, new byte[0]),
                sample(side, Kind.PONG, 0, 1, new byte[0]),
                new Sample(Kind.GOODBYE, side.goodbyeFrame()),
                sample(side, Kind.VOID, 0, 1, asked));
    }

    private static Sample sample(WireSide side, Kind kind, int flags, long id, byte[] payload) {
        return new Sample(kind, side.frame(kind, flags, id, payload));
    }

    private static byte[] padded(IntFunction<byte[]> payloadWithText) {
        int text = 1;
        while (payloadWithText.apply(text).length < BODY_BYTES) {
            text++;
        }
        return payloadWithText.apply(text);
    }

    /** How many bytes all kinds have together. */
    static int bytesOfAll() {
        return of(Combo.JSON_FAKE).stream()
                .mapToInt(sample -> sample.bytes().length)
                .sum();
    }

    static int kindsAfterOpening() {
        return afterOpening(Combo.JSON_FAKE).size();
    }
}
