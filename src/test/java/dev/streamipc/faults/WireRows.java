package dev.streamipc.faults;

import static dev.streamipc.faults.Combo.BYTES;
import static dev.streamipc.faults.Combo.JSON_FAKE;
import static dev.streamipc.faults.Combo.JSON_JAVA_PUMP;
import static dev.streamipc.faults.Combo.JSON_JAVA_READER;
import static dev.streamipc.faults.Combo.JSON_PYTHON;
import static dev.streamipc.faults.Combo.KRYO_FAKE;
import static dev.streamipc.faults.Combo.KRYO_JAVA_PUMP;
import static dev.streamipc.faults.Combo.KRYO_JAVA_READER;

import java.util.List;
import java.util.stream.Stream;

/** Faults of bytes, of encoders and decoders, of callbacks and races. */
final class WireRows {

    private static final List<Combo> JAVA = List.of(KRYO_JAVA_READER, KRYO_JAVA_PUMP, JSON_JAVA_READER, JSON_JAVA_PUMP);
    private static final List<Combo> EVERY =
            List.of(KRYO_JAVA_READER, KRYO_JAVA_PUMP, JSON_JAVA_READER, JSON_JAVA_PUMP, JSON_PYTHON);

    private static final List<Combo> FAKE = List.of(KRYO_FAKE, JSON_FAKE);

    static final List<Row> ALL = Stream.of(codecs(), bytes(), callbacks(), races(), traffic(), sockets(), leftBehind())
            .flatMap(List::stream)
            .toList();

    private WireRows() {}

    private static List<Row> sockets() {
        String group = "Sockets, their strangers, and streams that end one way";
        return List.of(
                new Row(group, "socket.other-user", "a process of another user connects", List.of(BYTES), 2, 20),
                new Row(group, "socket.token", "a wrong token, and one that was used", List.of(KRYO_FAKE), 2, 20),
                new Row(group, "socket.half-close", "one direction ends, with 100 requests open", FAKE, 2, 100));
    }

    private static List<Row> codecs() {
        String group = "encoders and decoders that fail";
        int encodes = CodecFaultsTest.ENCODES.size();
        int decodes = CodecFaultsTest.DECODES.size();
        int pythonDecodes = CodecFaultsTest.PYTHON_DECODES.size();
        int pythonEncodes = CodecFaultsTest.PYTHON_ENCODES.size();
        return List.of(
                table(group, "codec.parent-encode", "the request, in the parent", EVERY, encodes),
                table(group, "codec.child-decode", "the request, in the child", JAVA, decodes),
                table(group, "codec.child-encode", "the answer, in the child", JAVA, encodes),
                table(group, "codec.parent-decode", "the answer, in the parent", EVERY, decodes),
                table(group, "codec.python-decode", "the request, in a dataclass", List.of(JSON_PYTHON), pythonDecodes),
                table(group, "codec.python-encode", "the answer, in a dataclass", List.of(JSON_PYTHON), pythonEncodes),
                new Row(group, "codec.printed", "the child writes onto the stream itself", EVERY, 2, 100));
    }

    private static List<Row> bytes() {
        String group = "bytes that are cut, wrong or somebody else's";
        int headers = HeaderTableTest.SALTINGS
                * HeaderTableTest.VERSIONS.length
                * HeaderTableTest.BYTE
                * HeaderTableTest.BYTE;
        int versions = HeaderTableTest.BYTE * HeaderTableTest.BYTE * HeaderTableTest.FLAG_SETS;
        int lengths = LengthsTest.KINDS * LengthsTest.Claim.values().length;
        int python = PythonVerdictsTest.HEADERS
                + PythonVerdictsTest.CLAIMS
                + PythonVerdictsTest.FLIPS
                + PythonVerdictsTest.CUTS;
        int cuts = WireFrames.bytesOfAll();
        return List.of(
                new Row(
                        group,
                        "cut.then-end",
                        "a frame of each kind cut at each byte, then the end",
                        FAKE,
                        cuts,
                        4 * cuts),
                same(group, "header.table", "every kind, flag and version, salted or not", List.of(BYTES), headers),
                same(group, "header.versions", "every kind and version, each of 16 flags", List.of(BYTES), versions),
                new Row(
                        group,
                        "header.session",
                        "the same in each state of a session",
                        FAKE,
                        HeaderTableTest.sessionFrames(Profile.VERIFY),
                        HeaderTableTest.sessionFrames(Profile.NIGHT)),
                table(group, "length.claimed", "a length of 0, max, max + 1, 2^31, 2^32 - 1", FAKE, lengths),
                table(group, "type.unknown", "a type that is in no table", FAKE, UnknownTypesTest.CASES),
                same(group, "length.allocates", "what a refused header costs the decoder", List.of(BYTES), 1_300),
                same(group, "length.session-allocates", "what it costs a session", List.of(JSON_FAKE), 208),
                same(group, "flip.single", "each single bit of a real frame", List.of(BYTES), BitFlipTest.FRAMES),
                new Row(group, "flip.random", "2 to 16 bits of a real frame", List.of(BYTES), 1_000_000, 10_000_000),
                new Row(group, "flip.session", "bits of a session under load", FAKE, 2_000, 50_000),
                same(group, "python.same-verdict", "damaged streams, in Java and in Python", List.of(BYTES), python),
                table(group, "garbage.before", "bytes of others before HELLO", FAKE, 2 * GarbageTest.SORTS),
                table(group, "garbage.between", "bytes of others between frames", FAKE, 2 * GarbageTest.SORTS),
                table(group, "garbage.in-payload", "bytes of others inside a payload", FAKE, 2 * GarbageTest.SORTS),
                table(group, "garbage.in-header", "bytes of others inside a header", FAKE, 2 * GarbageTest.SORTS),
                table(group, "garbage.strict", "bytes of others where none may be", FAKE, 4 * GarbageTest.SORTS),
                same(
                        group,
                        "cut.then-nothing",
                        "half a frame, then nothing",
                        FAKE,
                        3 * WireFrames.kindsAfterOpening()));
    }

    private static List<Row> callbacks() {
        String group = "user code that does harm";
        int cases = CallbackTest.CASES;
        return List.of(
                table(group, "callback.throws", "a callback throws", FAKE, cases),
                table(group, "callback.blocks", "a callback blocks", FAKE, cases),
                table(group, "callback.asks", "a callback asks again", FAKE, cases),
                table(group, "callback.closes", "a callback closes", FAKE, cases),
                table(group, "callback.python", "any of it in Python", List.of(JSON_PYTHON), PythonCallbackTest.HARMS));
    }

    private static List<Row> races() {
        String group = "ends that race calls and each other";
        return List.of(
                table(
                        group,
                        "close.ask-after",
                        "everything a session can be asked, behind its end",
                        FAKE,
                        CloseRaceTest.ENDS),
                new Row(group, "close.during-ask", "calls that race a close", FAKE, 5_000, 100_000),
                new Row(group, "close.hundred-threads", "100 threads close at once", FAKE, 5, 100),
                new Row(group, "race.outcome", "deadline, reply and cancel at once", FAKE, 50_000, 500_000));
    }

    private static List<Row> traffic() {
        String group = "traffic that has to add up";
        return List.of(
                new Row(group, "traffic.late", "answers to ended and unknown calls", FAKE, 10_000, 100_000),
                new Row(group, "traffic.order", "notifications of eight threads", FAKE, 80_000, 800_000),
                new Row(group, "traffic.matched", "answers in any order", FAKE, 20_000, 200_000),
                new Row(group, "traffic.ids-wrap", "request ids at their wrap", FAKE, 2_000, 20_000),
                new Row(group, "full.refuses", "twice and more than a buffer takes", FAKE, 1_000, 10_000),
                new Row(group, "full.broadcast", "a broadcast to 20, of whom 3 do not read", FAKE, 200, 1_000),
                new Row(group, "traffic.one-byte", "a channel that holds one byte", FAKE, 50, 1_000));
    }

    private static List<Row> leftBehind() {
        String group = "what time and numbers leave behind";
        List<Combo> kryo = List.of(KRYO_FAKE);
        return List.of(
                table(group, "boundary.values", "values and uses at the edge", FAKE, BoundaryTest.CASES),
                new Row(group, "time.deadlines", "deadlines that pass", kryo, 10_000, 100_000),
                new Row(group, "time.open-calls", "calls that are open at once", kryo, 100_000, 500_000),
                new Row(group, "left.memory", "sessions in memory, opened and ended", FAKE, 200, 10_000),
                new Row(group, "left.pipes", "sessions over pipes, opened and ended", FAKE, 50, 10_000),
                new Row(group, "left.tables", "calls of which 30 % are late, 10 % cancelled", FAKE, 50_000, 1_000_000));
    }

    /** A row that has as many cases with every build as at night. */
    private static Row same(String group, String id, String what, List<Combo> combos, int cases) {
        return new Row(group, id, what, combos, cases, cases);
    }

    /** A row with one case for each line of a table; at night ten. */
    private static Row table(String group, String id, String what, List<Combo> combos, int lines) {
        return new Row(group, id, what, combos, lines, 10 * lines);
    }
}
