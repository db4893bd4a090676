package dev.streamipc.faults;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.streamipc.channel.Eventually;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.Request;
import dev.streamipc.message.Undecodable;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.RequestHandler;
import dev.streamipc.session.Role;
import dev.streamipc.session.SessionEvent;
import dev.streamipc.session.Subscription;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values and uses at the edge of what is allowed, each in a session that has to go on. */
@Timeout(120)
class BoundaryTest {

    private static final int LIMIT_BYTES = Both.LIMIT_BYTES;
    private static final Matrix MATRIX = Matrix.of(BoundaryTest.class);
    private static final Map<String, Trial> TRIALS = trials();
    static final int CASES = TRIALS.size();

    /** One use at the edge. */
    private interface Trial {
        void run(Both both) throws Exception;
    }

    private static Map<String, Trial> trials() {
        Map<String, Trial> all = new LinkedHashMap<>();
        for (int size : new int[] {0, 1, 252, 253, 254, 255, 256, 65_535, 65_536, 1 << 20}) {
            all.put("payload of " + size + " bytes", both -> blob(both, size));
        }
        all.put("request at the limit, and one byte more", BoundaryTest::requestAtTheLimit);
        all.put("answer at the limit, and one byte more", BoundaryTest::answerAtTheLimit);
        for (String text : List.of("", "\0", "\u00e4\u20ac\ud83d\ude00", "\ufeffx\r\n", "x".repeat(1 << 20))) {
            all.put("text of " + text.length() + " characters " + text.hashCode(), both -> text(both, text));
        }
        all.put("half of a character", BoundaryTest::halfACharacter);
        all.put("least and most number", BoundaryTest::numbers);
        all.put("handler that returns null", both -> unhandled(both, ask -> null));
        all.put("first handler declines", BoundaryTest::firstDeclines);
        all.put("handler that returns another type", BoundaryTest::otherType);
        all.put("handler that returns a type nobody registered", BoundaryTest::strangeType);
        all.put("failure without text", both -> failure(both, new IllegalStateException(), null));
        all.put(
                "failure with text of the world",
                both -> failure(both, new Exception("\u00e4\u4f60\ud83d\ude00"), "\u00e4\u4f60\ud83d\ude00"));
        all.put("failure with a megabyte of text", both -> failure(both, new Exception("x".repeat(1 << 20)), "x"));
        all.put("failure with 3,000 causes", both -> failure(both, causes(3_000), "cause 2999"));
        all.put("failure that is its own cause", both -> failure(both, circle(), "around"));
        all.put("observer added twice", BoundaryTest::observerTwice);
        all.put("handler added twice", BoundaryTest::handlerTwice);
        all.put("handler that removes itself", BoundaryTest::removesItself);
        all.put("subscription closed and paused twice", BoundaryTest::closedTwice);
        all.put("cancel of an answered call", BoundaryTest::cancelAnswered);
        all.put("call that its caller completes", BoundaryTest::completedByCaller);
        all.put("request that is null", BoundaryTest::nullMessages);
        all.put("notification that cannot be written", BoundaryTest::unwritable);
        all.put("deadline of a nanosecond", BoundaryTest::hardlyAnyTime);
        all.put("request from inside a handler, both ways", BoundaryTest::nested);
        all.put("two threads serve", BoundaryTest::twoServe);
        return all;
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void sessionGoesOnBehindEachOfThem(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        List<Map.Entry<String, Trial>> all = List.copyOf(TRIALS.entrySet());
        for (int number = 1; number <= Plan.row("boundary.values").cases(Profile.current()); number++) {
            Map.Entry<String, Trial> trial = all.get((number - 1) % all.size());
            MATRIX.run("boundary.values", combo, number, evidence -> {
                evidence.proof("use", trial.getKey());
                boolean small = trial.getKey().contains("at the limit");
                try (Both both = new Both(combo, evidence, small)) {
                    trial.getValue().run(both);
                    both.goesOn();
                }
            });
        }
        MATRIX.after("boundary.values", before.left());
    }

    private static void blob(Both both, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31);
        }
        byte[] back = both.parent.call(new Talk.Blob(bytes)).bytes();
        both.evidence.answered().require(Arrays.equals(bytes, back), "other bytes came back");
    }

    private static void text(Both both, String text) {
        String back = both.parent.call(new Talk.Ask(text)).text();
        both.evidence.answered().require(back.equals(text), "another text came back");
    }

    /** Both sides speak the same UTF-8, in which there is no half: it is refused, or comes back as it was. */
    private static void halfACharacter(Both both) throws Exception {
        CompletableFuture<Talk.Answer> call = both.parent.request(new Talk.Ask("\ud83d"));
        Outcomes.count(call, both.evidence);
        boolean refused = call.isCompletedExceptionally();
        both.evidence.proof("refused", refused);
        both.evidence.require(refused || call.join().text().equals("\ud83d"), "another text came back");
    }

    private static void numbers(Both both) throws Exception {
        AtomicInteger sum = new AtomicInteger();
        both.child.onMessage(Talk.Note.class, note -> sum.addAndGet(note.number()));
        both.parent.notify(new Talk.Note(Integer.MIN_VALUE));
        both.parent.notify(new Talk.Note(Integer.MAX_VALUE));
        both.goesOn();
        both.evidence.require(sum.get() == -1, "sum=" + sum.get());
    }

    private static int longestText(Both both, boolean request) {
        WireSide side = WireSide.silent(Role.CHILD, Talk.serializer(both.combo));
        int text = 1;
        while (payload(side, text + 1, request).length <= LIMIT_BYTES) {
            text++;
        }
        both.evidence.require(payload(side, text, request).length == LIMIT_BYTES, "the limit is not met exactly");
        return text;
    }

    private static byte[] payload(WireSide side, int text, boolean request) {
        String longText = "x".repeat(text);
        return request ? side.asked(new Talk.Ask(longText), 1) : side.typed(new Talk.Answer(longText));
    }

    private static void requestAtTheLimit(Both both) throws Exception {
        int most = longestText(both, true);
        text(both, "x".repeat(most));
        IpcFailure failure = Outcomes.failureOf(both.parent.request(new Talk.Ask("x".repeat(most + 1))), both.evidence);
        both.evidence.require(
                failure instanceof Rejected rejected && rejected.reason() == Rejected.Reason.TOO_LARGE,
                "wrong failure: " + failure);
    }

    private static void answerAtTheLimit(Both both) throws Exception {
        int most = longestText(both, false);
        both.parent.onRequest(Talk.Blob.class, blob -> new Talk.BlobBack(blob.bytes()));
        both.parent.onRequest(Talk.Ask.class, ask -> new Talk.Answer("x".repeat(Integer.parseInt(ask.text()))));
        int back = both.child.call(new Talk.Ask("" + most)).text().length();
        both.evidence.answered().require(back == most, "length=" + back);
        IpcFailure failure = Outcomes.failureOf(both.child.request(new Talk.Ask("" + (most + 1))), both.evidence);
        both.evidence.require(
                failure instanceof Undecodable && failure.certainty() == Certainty.EXECUTED,
                "wrong failure: " + failure);
    }

    private static void unhandled(Both both, RequestHandler<Talk.Ask, Talk.Answer> handler) throws Exception {
        both.parent.onRequest(Talk.Ask.class, handler);
        IpcFailure failure = Outcomes.failureOf(both.child.request(new Talk.Ask("hi")), both.evidence);
        both.evidence.require(
                failure instanceof Rejected rejected && rejected.reason() == Rejected.Reason.UNHANDLED,
                "wrong failure: " + failure);
    }

    private static void firstDeclines(Both both) {
        both.parent.onRequest(Talk.Ask.class, ask -> null);
        both.parent.onRequest(Talk.Ask.class, ask -> new Talk.Answer("second"));
        both.parent.onRequest(Talk.Ask.class, ask -> new Talk.Answer("third"));
        String answer = both.child.call(new Talk.Ask("hi")).text();
        both.evidence.answered().require(answer.equals("second"), "answer=" + answer);
    }

    /** What only a cast can do. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void answers(Both both, Message answer) throws Exception {
        both.parent.onRequest(Talk.Ask.class, (RequestHandler) ask -> answer);
        IpcFailure failure = Outcomes.failureOf(both.child.request(new Talk.Ask("hi")), both.evidence);
        both.evidence.require(
                failure instanceof Undecodable && failure.certainty() == Certainty.EXECUTED,
                "wrong failure: " + failure);
    }

    private static void otherType(Both both) throws Exception {
        answers(both, new Talk.Note(1));
    }

    private record Stranger(int number) implements Message {}

    private static void strangeType(Both both) throws Exception {
        answers(both, new Stranger(1));
    }

    private static void failure(Both both, Exception thrown, String text) throws Exception {
        both.parent.onRequest(Talk.Ask.class, ask -> {
            throw thrown;
        });
        IpcFailure failure = Outcomes.failureOf(both.child.request(new Talk.Ask("hi")), both.evidence);
        RemoteFailure remote = (RemoteFailure) failure;
        String said = remote.remoteMessage();
        both.evidence.require(remote.remoteType().equals(thrown.getClass().getName()), "type=" + remote.remoteType());
        both.evidence.require(text == null ? said == null : said != null && said.startsWith(text), "text=" + said);
    }

    private static Exception causes(int count) {
        Exception thrown = new Exception("cause 0");
        thrown.setStackTrace(new StackTraceElement[0]);
        for (int i = 1; i < count; i++) {
            thrown = new Exception("cause " + i, thrown);
            thrown.setStackTrace(new StackTraceElement[0]);
        }
        return thrown;
    }

    private static Exception circle() {
        Exception one = new Exception("around");
        one.initCause(new Exception("and back", one));
        return one;
    }

    private static void observerTwice(Both both) throws Exception {
        AtomicInteger heard = new AtomicInteger();
        Consumer<SessionEvent> observer = event -> heard.addAndGet(event instanceof SessionEvent.LateAnswer ? 1 : 0);
        both.parent.events(observer);
        Subscription second = both.parent.events(observer);
        both.lateAnswer();
        Eventually.await("both are told", () -> heard.get() == 2);
        second.close();
        both.lateAnswer();
        Eventually.await("one is told", () -> heard.get() == 3);
    }

    private static void handlerTwice(Both both) throws Exception {
        AtomicInteger heard = new AtomicInteger();
        both.child.onMessage(Talk.Note.class, note -> heard.incrementAndGet());
        Subscription second = both.child.onMessage(Talk.Note.class, note -> heard.incrementAndGet());
        both.parent.notify(new Talk.Note(1));
        both.goesOn();
        second.close();
        both.parent.notify(new Talk.Note(2));
        both.goesOn();
        both.evidence.require(heard.get() == 3, "heard=" + heard.get());
    }

    private static void removesItself(Both both) throws Exception {
        AtomicInteger heard = new AtomicInteger();
        Subscription[] own = new Subscription[1];
        own[0] = both.child.onMessage(Talk.Note.class, note -> {
            heard.incrementAndGet();
            own[0].close();
            both.child.onMessage(Talk.Note.class, next -> heard.addAndGet(10));
        });
        both.parent.notify(new Talk.Note(1));
        both.goesOn();
        both.parent.notify(new Talk.Note(2));
        both.goesOn();
        both.evidence.require(heard.get() == 11, "heard=" + heard.get());
    }

    private static void closedTwice(Both both) {
        Subscription handler = both.parent.onRequest(Talk.Ask.class, ask -> new Talk.Answer("here"));
        handler.pause();
        handler.pause();
        handler.resume();
        String answer = both.child.call(new Talk.Ask("hi")).text();
        both.evidence.answered().require(answer.equals("here"), "answer=" + answer);
        handler.close();
        handler.close();
        handler.resume();
    }

    private static void cancelAnswered(Both both) throws Exception {
        CompletableFuture<Talk.Answer> call = both.parent.request(new Talk.Ask("hi"));
        call.join();
        both.evidence.answered();
        boolean cancelled = call.cancel(true) || call.cancel(false) || call.isCancelled();
        both.evidence.require(!cancelled && call.join().text().equals("hi"), "an answered call was cancelled");
        CompletableFuture<Talk.Answer> gone = both.parent.request(new Talk.Ask("hold"));
        boolean first = gone.cancel(true);
        boolean again = gone.cancel(true);
        both.evidence.require(first && again && gone.isCancelled(), "not cancelled");
        Outcomes.failureOf(gone, both.evidence);
    }

    private static void completedByCaller(Both both) throws Exception {
        CompletableFuture<Talk.Answer> call = both.parent.request(new Talk.Ask("hold"));
        both.evidence.require(call.complete(new Talk.Answer("mine")), "not completed");
        both.release.complete(null);
        both.goesOn();
        both.evidence.answered().require(call.get(5, SECONDS).text().equals("mine"), "the outcome changed");
    }

    private static void nullMessages(Both both) {
        int thrown = 0;
        for (Runnable use : List.<Runnable>of(
                () -> both.parent.request((Request<Talk.Answer>) null), () -> both.parent.notify(null))) {
            try {
                use.run();
            } catch (NullPointerException expected) {
                thrown++;
            }
        }
        both.evidence.require(thrown == 2, "thrown=" + thrown);
    }

    private static void unwritable(Both both) throws Exception {
        both.goesOn();
        Undecodable failure = assertThrows(
                Undecodable.class, () -> both.parent.notify(new Fickle.Back("parent-encode-record-exception", 1)));
        both.evidence.failed(failure).require(failure.certainty() == Certainty.NOT_EXECUTED, "wrong: " + failure);
    }

    private static void hardlyAnyTime(Both both) throws Exception {
        CallOptions options = CallOptions.deadline(Duration.ofNanos(1));
        IpcFailure failure = Outcomes.failureOf(both.parent.request(new Talk.Ask("hi"), options), both.evidence);
        both.evidence.require(failure instanceof DeadlinePassed, "wrong failure: " + failure);
    }

    private static void nested(Both both) {
        both.parent.onRequest(Talk.Ask.class, ask -> new Talk.Answer("parent " + ask.text()));
        both.child.onRequest(Fickle.class, fickle -> {
            String answer = both.child.call(new Talk.Ask("nested")).text();
            return new Fickle.Back(answer, 1);
        });
        String answer = both.parent.call(new Fickle(Planted.NONE, 1)).fault();
        both.evidence.answered().require(answer.equals("parent nested"), "answer=" + answer);
    }

    private static void twoServe(Both both) throws Exception {
        CompletableFuture<?> one = CompletableFuture.runAsync(both.child::serve);
        CompletableFuture<?> two = CompletableFuture.runAsync(both.child::serve);
        both.goesOn();
        both.right.close();
        one.get(10, SECONDS);
        two.get(10, SECONDS);
        Outcomes.failureOf(both.parent.request(new Talk.Ask("late")), both.evidence);
        both.ended = true;
    }
}
