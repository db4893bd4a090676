package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.session.SimMessages.Answer;
import dev.streamipc.session.SimMessages.Ask;
import dev.streamipc.session.SimMessages.Deed;
import dev.streamipc.session.SimMessages.Note;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the programs at the two ends do: ask, answer, notify, cancel, ping and close, as the seed says. */
final class SimLoad {

    private static final Deed[] DEEDS = Deed.values();
    private static final long MOST_DEADLINE_NANOS = 20_000_000_000L;

    private final SimWorld world;
    private final SimLedger ledger;
    private final int mostPadChars;
    private long numbers;

    SimLoad(SimWorld world, SimLedger ledger, int mostPadChars) {
        this.world = world;
        this.ledger = ledger;
        this.mostPadChars = mostPadChars;
    }

    void handle(SimSide side) {
        side.handles();
        side.session().onRequest(Ask.class, (ask, context) -> answer(side, ask, context));
        side.session().onMessage(Note.class, note -> ledger.noted(note.number(), side));
        side.session().start();
    }

    private @Nullable Answer answer(SimSide side, Ask ask, RequestContext context) throws Exception {
        if (ask.deed() == Deed.DECLINE) {
            return null;
        }
        // who asks for it is heard: a pump that takes its time has a reader from here on
        context.cancellation();
        ledger.begun(ask.number(), side);
        switch (ask.deed()) {
            case THROW -> throw new IllegalStateException("as asked");
            case TAKE_TIME -> world.run(world.nowNanos() + ask.nanos(), side::isDead);
            case ASK_BACK -> ask(side, Deed.ANSWER);
            case NOTIFY_BACK -> note(side);
            case CLOSE -> side.closeSession();
            case TELL_PROGRESS -> tell(side, ask, context);
            default -> {}
        }
        if (side.isDead()) {
            throw new IllegalStateException("dead by now");
        }
        ledger.ended(ask.number());
        return new Answer(ask.number(), pad());
    }

    private void tell(SimSide side, Ask ask, RequestContext context) {
        int updates = world.between(1, 8);
        for (int i = 1; i <= updates && !context.cancellation().isCancelled(); i++) {
            context.progress(new Note(i, pad()));
            if (world.oneIn(2)) {
                world.run(world.nowNanos() + ask.nanos() / updates, side::isDead);
            }
        }
    }

    private String pad() {
        return "x".repeat((int) world.anyNanos(mostPadChars));
    }

    /** Does so many things on a side, spread over a time. */
    void plan(SimSide side, int count, long withinNanos) {
        for (int i = 0; i < count; i++) {
            world.later(side, world.random.nextLong(withinNanos), "do", () -> doSomething(side));
        }
    }

    private void doSomething(SimSide side) {
        int choice = world.random.nextInt(20);
        if (choice < 14) {
            ask(side, deed());
        } else if (choice < 19) {
            note(side);
        } else {
            ledger.pinged(side, Duration.ofNanos(1 + world.anyNanos(MOST_DEADLINE_NANOS)));
        }
    }

    /** Mostly answers at once; closes but rarely. */
    private Deed deed() {
        int choice = world.random.nextInt(60);
        return choice < 30
                ? Deed.ANSWER
                : choice < 45 ? Deed.TAKE_TIME : DEEDS[choice % (DEEDS.length - (choice == 59 ? 0 : 1))];
    }

    void ask(SimSide side, Deed deed) {
        long deadlineNanos = world.oneIn(4)
                ? 1_000 + world.anyNanos(MOST_DEADLINE_NANOS)
                : world.random.nextLong(MOST_DEADLINE_NANOS / 4, MOST_DEADLINE_NANOS);
        CallOptions options = CallOptions.deadline(Duration.ofNanos(deadlineNanos));
        long number = ++numbers;
        Ask ask = new Ask(number, deed, world.anyNanos(50_000_000), pad());
        if (world.oneIn(2)) {
            options = options.tellingStarted();
        }
        if (deed == Deed.TELL_PROGRESS || world.oneIn(4)) {
            options = options.onProgress(Note.class, update -> ledger.updated(number, update));
        }
        // inside a handler there may be less time than that
        long leftNanos = Math.max(0, HandledDeadline.atMost(deadlineNanos, side.nanoTime()));
        CompletableFuture<Answer> call = side.session().request(ask, options);
        SimLedger.Entry entry = new SimLedger.Entry(ask, side, call, world.nowNanos() + leftNanos);
        ledger.asked(entry);
        if (world.oneIn(8)) {
            world.later(side, world.anyNanos(100_000_000), "cancel " + number, () -> {
                entry.isCancelled = true;
                call.cancel(true);
            });
        }
    }

    private void note(SimSide side) {
        try {
            side.session().notify(new Note(++numbers, pad()));
            ledger.accepted(side);
        } catch (IpcFailure refused) {
            world.trace(side, "note refused: " + refused.getClass().getSimpleName());
        }
    }
}
