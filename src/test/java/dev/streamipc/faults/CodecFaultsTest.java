package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.message.Certainty;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Undecodable;
import dev.streamipc.message.Undecodable.Side;
import dev.streamipc.message.Undecodable.Subject;
import dev.streamipc.process.Child;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Codecs, constructors and accessors that fail, on either side: only their own call fails, and it says where. */
@Timeout(120)
class CodecFaultsTest {

    /** What encodes may do wrong, of a record and of a codec. */
    static final List<String> ENCODES = Stream.concat(places(), Stream.of("codec-" + PlantedSerializer.HALF))
            .toList();

    /** What decodes may do wrong. */
    static final List<String> DECODES = Stream.concat(
                    places(), Stream.of("codec-" + PlantedSerializer.NOTHING, "codec-" + PlantedSerializer.OTHER_TYPE))
            .toList();

    /** What a dataclass may do wrong when it is made. */
    static final List<String> PYTHON_DECODES = List.of("exception", "error", "stack", "memory", "mute");

    /** What a dataclass may do wrong when it is read, and a value that its field does not take. */
    static final List<String> PYTHON_ENCODES = List.of("exception", "error", "stack", "memory", "mute", "value");

    private static final Matrix MATRIX = Matrix.of(CodecFaultsTest.class);

    @TempDir
    Path folder;

    private static Stream<String> places() {
        return Stream.of("record-", "codec-")
                .flatMap(place -> Stream.of(Planted.THROWN).map(how -> place + how));
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_JAVA_READER", "KRYO_JAVA_PUMP", "JSON_JAVA_READER", "JSON_JAVA_PUMP"})
    void onlyTheFaultyCallFailsAndSaysWhere(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        try (IpcPeer peer = peer(combo)) {
            IpcSession session = peer.spawn(Launchpad.marked(
                    Child.java(CodecChild.class).jvmOptions("-Xmx64m").arguments(combo.drive(), combo.serializer())));
            faultsOfTheParent(session, combo);
            row("codec.child-decode", session, combo, DECODES);
            row("codec.child-encode", session, combo, ENCODES);
            MATRIX.runAll("codec.printed", combo, evidence -> printed(session, evidence));
        }
        List<String> left = before.left();
        for (String row : List.of("parent-encode", "parent-decode", "child-decode", "child-encode", "printed")) {
            MATRIX.after("codec." + row, left);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Combo.class, names = "JSON_PYTHON")
    void pythonChildFailsTheFaultyCallAlone(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        Path script = Files.writeString(folder.resolve("codec_child.py"), PythonScripts.CODEC_CHILD);
        try (IpcPeer peer = peer(combo)) {
            IpcSession session = peer.spawn(Launchpad.marked(Child.python(script)));
            faultsOfTheParent(session, combo);
            row("codec.python-decode", session, combo, records("child-decode", PYTHON_DECODES));
            row("codec.python-encode", session, combo, records("child-encode", PYTHON_ENCODES));
            MATRIX.runAll("codec.printed", combo, evidence -> printed(session, evidence));
        }
        List<String> left = before.left();
        for (String row : List.of("parent-encode", "parent-decode", "python-decode", "python-encode", "printed")) {
            MATRIX.after("codec." + row, left);
        }
    }

    private static List<String> records(String point, List<String> hows) {
        return hows.stream().map(how -> "record-" + how).toList();
    }

    private static IpcPeer peer(Combo combo) {
        return IpcPeer.builder()
                .messages(Talk.ALL)
                .messages(Fickle.class, Fickle.Back.class)
                .serializers(PlantedSerializer.named(combo.serializer()))
                .deadline(Duration.ofSeconds(20))
                .closeLimit(Duration.ofSeconds(2))
                .build();
    }

    private static void faultsOfTheParent(IpcSession session, Combo combo) throws Exception {
        row("codec.parent-encode", session, combo, ENCODES);
        row("codec.parent-decode", session, combo, DECODES);
    }

    private static void row(String row, IpcSession session, Combo combo, List<String> hows) throws Exception {
        String point = row.substring(row.indexOf('.') + 1).replace("python", "child");
        int cases = Plan.row(row).cases(Profile.current());
        assertEquals(0, cases % hows.size(), "cases of " + row);
        for (int number = 1; number <= cases; number++) {
            String fault = point + "-" + hows.get((number - 1) % hows.size());
            MATRIX.run(row, combo, number, evidence -> fail(session, fault, evidence));
        }
    }

    /** The faulty call among good ones, all in flight at once. */
    private static void fail(IpcSession session, String fault, Evidence evidence) throws Exception {
        boolean ofTheParent = fault.startsWith("parent");
        Facts before = Facts.of(session, ofTheParent);
        List<CompletableFuture<Fickle.Back>> good = new ArrayList<>();
        good.add(session.request(new Fickle(Planted.NONE, 1)));
        CompletableFuture<Fickle.Back> bad = session.request(new Fickle(fault, 2));
        good.add(session.request(new Fickle(Planted.NONE, 3)));
        for (CompletableFuture<Fickle.Back> call : good) {
            evidence.require(call.join().number() == 7, "a good call was answered wrongly");
            evidence.answered();
        }
        IpcFailure failure = Outcomes.failureOf(bad, evidence);
        Facts after = Facts.of(session, ofTheParent);

        evidence.proof("fault", fault)
                .proof("pid", ofTheParent ? ProcessHandle.current().pid() : pid(session))
                .proof("thrown", after.thrown - before.thrown)
                .require(after.thrown == before.thrown + 1 && after.last.equals(fault), "the fault was not thrown")
                .require(isRight(failure, fault), "wrong failure: " + failure);
        boolean entered = after.entered == before.entered + 3;
        evidence.require(
                entered == (failure.certainty() == Certainty.EXECUTED),
                "entered=" + (after.entered - before.entered) + ", certainty=" + failure.certainty());
    }

    private static long pid(IpcSession session) {
        return session.process().orElseThrow().pid();
    }

    private static boolean isRight(IpcFailure failure, String fault) {
        boolean argument = fault.startsWith("parent-encode") || fault.startsWith("child-decode");
        return failure instanceof Undecodable undecodable
                && undecodable.subject() == (argument ? Subject.ARGUMENT : Subject.ANSWER)
                && undecodable.side() == (fault.startsWith("parent") ? Side.HERE : Side.THERE)
                && undecodable.certainty() == (argument ? Certainty.NOT_EXECUTED : Certainty.EXECUTED);
    }

    /** Onto the stream itself, while its own answer is still to come. */
    private static void printed(IpcSession session, Evidence evidence) {
        long junkBytes = session.stats().in().junkBytes();
        String answer = session.call(new Talk.Ask("print")).text();
        junkBytes = session.stats().in().junkBytes() - junkBytes;
        evidence.proof("pid", pid(session)).proof("junkBytes", junkBytes).answered();
        evidence.require(answer.equals("printed") && junkBytes > 10_000, "nothing came past the guard");
        evidence.require(session.call(new Fickle(Planted.NONE, 1)).number() == 7, "the session does not go on");
        evidence.answered();
    }

    /** How often handlers were entered in the child, and what was thrown in the process of the fault. */
    private record Facts(int entered, int thrown, String last) {

        static Facts of(IpcSession session, boolean ofTheParent) {
            String[] child = session.call(new Talk.Ask("facts")).text().split(" ", 3);
            String[] here = Planted.facts().split(" ", 2);
            return ofTheParent
                    ? new Facts(Integer.parseInt(child[0]), Integer.parseInt(here[0]), here[1])
                    : new Facts(Integer.parseInt(child[0]), Integer.parseInt(child[1]), child[2]);
        }
    }
}
