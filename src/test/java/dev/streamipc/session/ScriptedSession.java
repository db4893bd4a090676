package dev.streamipc.session;

import dev.streamipc.fuzz.Script;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** A session in simulated time: a script says what the other side sends, what the program does, and how time goes by. */
public final class ScriptedSession {

    private static final long FOR_EVER_NANOS = TimeUnit.MINUTES.toNanos(10);
    /** A timer looks every 2 ms and comes a little late, and a callback takes its time. */
    private static final long LATE_NANOS = 5_000_000;

    private static final long CLOSE_NANOS = 3_100_000_000L;
    private static final int MOST_STEPS = 200;
    /** A handler whose answer finds no room waits until the session ends, and the script with it. */
    private static final long AT_LAST_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final JsonMessageSerializer JSON = new JsonMessageSerializer();
    private static final KryoMessageSerializer KRYO = new KryoMessageSerializer();

    private final Script script;
    private final SimWorld world;
    private final SimSide side;
    private final SimSide far;
    private final ScriptedFar frames;
    private final boolean small;
    private final List<Call> calls = new ArrayList<>();
    private final ScriptedStreams streams;
    private int asked;
    private boolean handles;

    /** A call of the program, and what came of it. */
    private static final class Call {

        final int number;
        final CompletableFuture<Answer> future;
        final long deadlineNanos;
        int outcomes;
        long outcomeNanos;
        Throwable failure;

        Call(int number, CompletableFuture<Answer> future, long deadlineNanos) {
            this.number = number;
            this.future = future;
            this.deadlineNanos = deadlineNanos;
        }
    }

    private ScriptedSession(Script script) {
        this.script = script;
        int choices = script.next();
        world = new SimWorld(script.next(), false);
        Role role = (choices & 1) == 0 ? Role.PARENT : Role.CHILD;
        Role other = (choices & 1) == 0 ? Role.CHILD : Role.PARENT;
        small = (choices & 2) != 0;
        side = new SimSide(world, role);
        far = farSide(other);
        SimLink in = new SimLink(world, far, side, 65_536);
        SimLink out = new SimLink(world, side, far, 65_536);
        side.connect(far, in, out);
        far.connect(side, out, in);
        frames = new ScriptedFar(script, other, in, out);
        streams = new ScriptedStreams(script, world, side);
        world.afterEachStep(frames::hear);
        boolean kryoToo = (choices & 4) != 0;
        side.open(builder -> builder.messages(Samples.ALL)
                .messages(Streams.ALL)
                .limits(limits())
                .closeLimit(Duration.ofSeconds(2))
                .serializers(kryoToo ? new MessageSerializer[] {KRYO, JSON} : new MessageSerializer[] {JSON}));
        world.later(side, AT_LAST_NANOS, "close at last", side::closeSession);
        if ((choices & 8) == 0) {
            handle();
            frames.open();
            pass(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** One that reads what is written, so that a thread that writes at once may have to wait. */
    private SimSide farSide(Role role) {
        SimSide made = new SimSide(world, role);
        while (made.pumps) {
            made = new SimSide(world, role);
        }
        return made;
    }

    private Limits limits() {
        return small
                ? Limits.DEFAULT
                        .withMaxOutboundBytes(600)
                        .withMaxInbound(3, 1_000)
                        .withMaxCalls(3)
                        .withMaxReceiveItems(2)
                : Limits.DEFAULT.withMaxPayloadBytes(1 << 18);
    }

    /** Runs a script to its end and throws if the session breaks a promise, or throws what is none of its failures. */
    public static void run(Script script) {
        ScriptedSession run = new ScriptedSession(script);
        for (int step = 0; script.hasMore() && step < MOST_STEPS; step++) {
            run.step(script.below(16));
            run.lookAtBounds();
        }
        run.end();
        run.check();
    }

    private void step(int choice) {
        switch (choice) {
            case 0 -> request();
            case 1 -> note();
            case 2 -> cancel();
            case 3 -> userCloses();
            case 4, 5 -> pass(script.next() * (1L << 2 * script.below(14)));
            case 6 -> handle();
            case 7 -> end(script.below(4));
            default -> frames.say(choice - 8);
        }
        pass(10_000);
    }

    /** Once: of two handlers the second is asked where the first declines. */
    private void handle() {
        if (handles) {
            streams.next();
            return;
        }
        handles = true;
        side.session().onRequest(Ask.class, this::answer);
        side.session().onMessage(Note.class, note -> {});
        side.session().onStream(Streams.Count.class, (count, parts) -> frames.handled());
        side.session().onUpload(Streams.Sum.class, (sum, parts, context) -> {
            frames.handled();
            return new Streams.Total(sum.name().length(), 0);
        });
        side.session().start();
    }

    private Answer answer(Ask ask, RequestContext context) {
        frames.handled();
        context.cancellation();
        switch (ask.text().isEmpty() ? ' ' : ask.text().charAt(0)) {
            case 't' -> throw new IllegalStateException("as asked");
            case 'n' -> {
                return null;
            }
            case 'b' -> request();
            case 'p' -> context.progress(new Note(1));
            case 'c' -> side.closeSession();
            case 'w' -> world.run(world.nowNanos() + 1_000_000, side::isDead);
            case 'l' -> {
                return new Answer("x".repeat(100_000));
            }
            default -> {}
        }
        if (side.isDead()) {
            throw new IllegalStateException("dead by now");
        }
        return new Answer(ask.text());
    }

    private void request() {
        int choices = script.next();
        long deadlineNanos = TimeUnit.MILLISECONDS.toNanos(1 + (long) script.next() * script.next());
        CallOptions options = CallOptions.deadline(Duration.ofNanos(deadlineNanos));
        options = (choices & 1) == 0 ? options : options.tellingStarted();
        options = (choices & 2) == 0 ? options : options.onProgress(Note.class, update -> {});
        int number = asked++;
        String pad = (choices & 4) == 0 ? "" : "x".repeat(200);
        long leftNanos = Math.max(0, HandledDeadline.atMost(deadlineNanos, side.nanoTime()));
        CompletableFuture<Answer> future = side.session().request(new Ask("#" + number + ";" + pad), options);
        Call call = new Call(number, future, world.nowNanos() + leftNanos);
        calls.add(call);
        future.whenComplete((answer, failure) -> {
            call.outcomes++;
            call.outcomeNanos = world.nowNanos();
            call.failure = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        });
    }

    private void note() {
        try {
            if (script.below(2) == 0) {
                side.session().notify(new Note(script.next()));
            } else {
                side.session().ping(Duration.ofMillis(1 + script.next()));
            }
        } catch (IpcFailure refused) {
            world.trace(side, "note refused");
        }
    }

    private void cancel() {
        if (!calls.isEmpty()) {
            calls.get(script.next() % calls.size()).future.cancel(true);
        }
    }

    private void userCloses() {
        if (script.below(4) == 0) {
            side.closeSession();
        }
    }

    private void end(int how) {
        switch (how) {
            case 0 -> far.die();
            case 1 -> side.in().writerGone();
            case 2 -> side.out().readerGone();
            default -> {}
        }
    }

    private void pass(long nanos) {
        world.run(world.nowNanos() + nanos, () -> false);
    }

    private void lookAtBounds() {
        Conversation conversation = side.conversation();
        if (conversation.out.pending.size() > limits().maxCalls()
                || conversation.in.queue.size() > limits().maxInboundItems()) {
            throw new AssertionError("a bound is passed: pending=" + conversation.out.pending.size() + ", queued="
                    + conversation.in.queue.size());
        }
    }

    private void end() {
        pass(TimeUnit.SECONDS.toNanos(1));
        if (!side.isDead()) {
            side.closeSession();
        }
        pass(FOR_EVER_NANOS);
        frames.hearAll();
    }

    private void check() {
        if (side.isDead()) {
            return;
        }
        require(side.isOver(), "a session that was closed is released");
        require(side.closeTookNanos() <= CLOSE_NANOS, "a close takes no longer than it may");
        require(side.conversation().out.pending.size() == 0, "no call is kept after the end");
        require(frames.handlerRuns() <= frames.requests(), "a handler runs at most once");
        streams.check();
        for (Call call : calls) {
            require(call.outcomes == 1, "a call has exactly one outcome: outcomes=" + call.outcomes);
            require(
                    call.outcomeNanos <= call.deadlineNanos + LATE_NANOS,
                    "a call ends by its deadline: lateNanos=" + (call.outcomeNanos - call.deadlineNanos));
            checkFailure(call);
        }
    }

    private void checkFailure(Call call) {
        if (call.failure == null) {
            return;
        }
        if (!(call.failure instanceof IpcFailure known)) {
            throw new AssertionError("a failure is one of the family", call.failure);
        }
        boolean isLie = known.certainty() == Certainty.NOT_EXECUTED && frames.hasSeen(call.number);
        if (isLie && !frames.maySaySo()) {
            throw new AssertionError("not executed is never a lie", known);
        }
    }

    private static void require(boolean holds, String promise) {
        if (!holds) {
            throw new AssertionError(promise);
        }
    }
}
