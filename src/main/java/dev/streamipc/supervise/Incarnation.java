package dev.streamipc.supervise;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One life of a child: brings what the supervisor wants to the {@link Supervised}, and its news back. Keeps the promises about
 * which of its methods run when. For all threads.
 */
final class Incarnation implements Supervised.Life {

    private static final int BEGUN = 1;
    private static final int RETURNED = 2;
    private static final int STOP = 4;
    private static final int KILL = 8;

    private final long life;
    private final ChildSpec spec;
    private final Surroundings around;
    private final Consumer<SupervisorInput> inbox;
    /** What has begun, returned, or was wanted; whoever sets a bit sees from the others what is left to do. */
    private final AtomicInteger bits = new AtomicInteger();

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean up = new AtomicBoolean();
    private final AtomicBoolean beingJudged = new AtomicBoolean();
    private volatile @Nullable Supervised thing;

    Incarnation(long life, ChildSpec spec, Surroundings around, Consumer<SupervisorInput> inbox) {
        this.life = life;
        this.spec = spec;
        this.around = around;
        this.inbox = inbox;
    }

    @Nullable
    Supervised thing() {
        return thing;
    }

    void start() {
        try {
            around.executor().run(this::begin);
        } catch (RuntimeException | Error rejected) {
            ended(rejected);
        }
    }

    void stop() {
        int before = set(STOP);
        if ((before & BEGUN) == 0) {
            ended(null);
        } else if ((before & RETURNED) != 0) {
            around.executor().runSurely("stop", this::stopNow);
        }
    }

    void kill() {
        int before = set(KILL);
        if ((before & BEGUN) == 0) {
            ended(null);
        } else {
            around.executor().runSurely("kill", this::killNow);
        }
    }

    /** Lets the next trouble through. */
    void judged() {
        beingJudged.set(false);
    }

    @Override
    public void started() {
        if (!over.get() && up.compareAndSet(false, true)) {
            inbox.accept(new SupervisorInput.LifeStarted(life));
        }
    }

    @Override
    public void failing(Throwable failure) {
        if (!over.get() && beingJudged.compareAndSet(false, true)) {
            inbox.accept(new SupervisorInput.LifeFailing(life, orUnnamed(failure)));
        }
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        if (over.compareAndSet(false, true)) {
            inbox.accept(new SupervisorInput.LifeEnded(life, failure));
        }
    }

    /** Rules look at the type of a failure: one that users leave out must not stop them. */
    private static Throwable orUnnamed(@Nullable Throwable failure) {
        return failure == null ? new NullPointerException("failing was told without a failure") : failure;
    }

    private void begin() {
        if ((set(BEGUN) & (STOP | KILL)) != 0) {
            return;
        }
        try {
            Supervised made = spec.make(around);
            thing = made;
            made.start(this);
        } catch (Throwable failed) {
            ended(failed);
        }
        int wanted = set(RETURNED);
        if ((wanted & KILL) != 0) {
            // what came to be since the kill must not stay behind
            killNow();
        } else if ((wanted & STOP) != 0) {
            stopNow();
        }
    }

    private void stopNow() {
        Supervised asked = thing;
        try {
            if (asked != null && !over.get()) {
                asked.stop();
            }
        } catch (Throwable failed) {
            UsersCode.LOG.warn("stop failed: child={}", around.path(), failed);
            inbox.accept(new SupervisorInput.StopFailed(life));
        }
    }

    private void killNow() {
        Supervised killed = thing;
        try {
            if (killed != null) {
                killed.kill();
            }
        } catch (Throwable failed) {
            UsersCode.LOG.error("kill failed: child={}", around.path(), failed);
        }
    }

    private int set(int bit) {
        return bits.getAndUpdate(old -> old | bit);
    }
}
