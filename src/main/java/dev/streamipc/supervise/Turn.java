package dev.streamipc.supervise;

import dev.streamipc.supervise.Phase.Starting;
import dev.streamipc.supervise.Phase.Stopping;
import dev.streamipc.supervise.Phase.Then;
import dev.streamipc.supervise.SupervisionState.Round;
import dev.streamipc.supervise.SupervisionState.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The working copy of a supervisor's state while one event is looked at, and what is to be done. For one thread. */
final class Turn {

    final long nowNanos;
    final List<ChildEntry> children;
    Stage stage;

    @Nullable
    Round round;

    List<Long> restartsNanos;

    @Nullable
    Throwable cause;

    boolean killed;

    private final String path;
    private final List<SupervisorOutput> outputs = new ArrayList<>();
    private long lives;

    /** What one event leads to: the state from now on, and what is to be done. */
    record Step(SupervisionState next, List<SupervisorOutput> outputs) {}

    Turn(SupervisionState state, String path, long nowNanos) {
        this.nowNanos = nowNanos;
        this.path = path;
        children = new ArrayList<>(state.children());
        stage = state.stage();
        round = state.round();
        restartsNanos = state.restartsNanos();
        cause = state.cause();
        killed = state.killed();
        lives = state.lives();
    }

    Step done() {
        SupervisionState next = new SupervisionState(
                stage, List.copyOf(children), round, List.copyOf(restartsNanos), lives, cause, killed);
        return new Step(next, List.copyOf(outputs));
    }

    void output(SupervisorOutput output) {
        outputs.add(output);
    }

    void tell(SupervisionEvent event) {
        outputs.add(new SupervisorOutput.Tell(event));
    }

    String path() {
        return path;
    }

    String pathOf(ChildEntry child) {
        return path + "/" + child.name();
    }

    @Nullable
    ChildEntry named(String name) {
        return children.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    @Nullable
    ChildEntry living(long life) {
        return children.stream()
                .filter(each -> each.phase().life() == life)
                .findFirst()
                .orElse(null);
    }

    int placeOf(ChildEntry child) {
        for (int place = 0; place < children.size(); place++) {
            if (children.get(place).name().equals(child.name())) {
                return place;
            }
        }
        throw new IllegalStateException("no such child: child=" + child.name());
    }

    ChildEntry put(ChildEntry child) {
        children.set(placeOf(child), child);
        return child;
    }

    /** Returns whether a round is about to stop this child or keeps it stopped, so that its end changes nothing. */
    boolean isBeingStoppedByRound(ChildEntry child) {
        return round != null && round.stopping() && placeOf(child) >= round.from();
    }

    long start(ChildEntry child) {
        long life = ++lives;
        Starting starting = new Starting(life, after(child.spec().startLimit()));
        put(child.in(starting).with(child.history().starting()));
        output(new SupervisorOutput.StartLife(life, child.spec()));
        return life;
    }

    /** Asks a living child to end, or only notes what comes then if it was asked before. */
    void stop(ChildEntry child, Then then) {
        if (child.phase() instanceof Stopping stopping) {
            Then firm = stopping.then() == Then.REMOVE || stopping.then() == Then.STOP ? stopping.then() : then;
            Then last = then == Then.REMOVE ? then : firm;
            put(child.in(new Stopping(stopping.life(), stopping.limitNanos(), stopping.killed(), last)));
        } else if (child.spec().stopLimit().isZero()) {
            killQuietly(child, then);
        } else {
            long life = child.phase().life();
            put(child.in(new Stopping(life, after(child.spec().stopLimit()), false, then)));
            output(new SupervisorOutput.StopLife(life));
        }
    }

    void kill(ChildEntry child, Then then, String why) {
        tell(new SupervisionEvent.Killed(pathOf(child), why));
        killQuietly(child, then);
    }

    void killQuietly(ChildEntry child, Then then) {
        long life = child.phase().life();
        put(child.in(new Stopping(life, after(child.spec().killLimit()), true, then)));
        output(new SupervisorOutput.KillLife(life));
    }

    /** Takes a child that does not live out of the tree. */
    void remove(ChildEntry child, String why) {
        int place = placeOf(child);
        children.remove(place);
        if (round != null) {
            round = round.without(place);
        }
        if (child.added() != 0) {
            answerNotAdded(child, why);
        }
        child.removals().forEach(ticket -> answer(ticket, null));
        tell(new SupervisionEvent.Removed(pathOf(child)));
    }

    /** Tells whoever added a child why it did not start: its first start failed, or else what became of it. */
    void answerNotAdded(ChildEntry child, String otherwise) {
        Throwable failure = child.history().lastFailure();
        answer(
                child.added(),
                failure == null
                        ? new SupervisionFailure.ChildGone(pathOf(child), otherwise)
                        : new SupervisionFailure.ChildNotStarted(pathOf(child), failure));
    }

    void answer(long ticket, @Nullable Exception failure) {
        output(new SupervisorOutput.Answer(ticket, failure));
    }

    boolean isDue(@Nullable Long dueNanos) {
        return dueNanos != null && dueNanos - nowNanos <= 0;
    }

    private long after(Duration limit) {
        return nowNanos + limit.toNanos();
    }
}
