package dev.streamipc.session;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A writer without a thread: what would block waits for room in the link. */
final class SimWriter implements Writer {

    private static final long CORK_NANOS = 100_000;

    private final SimSide side;
    private final Outbox outbox;
    private final Surroundings.WriterHooks hooks;
    private boolean byCaller;
    private boolean writing;
    private boolean ended;

    SimWriter(SimSide side, Outbox outbox, Surroundings.WriterHooks hooks) {
        this.side = side;
        this.outbox = outbox;
        this.hooks = hooks;
    }

    @Override
    public void after(Next next) {
        switch (next) {
            case FLUSH -> {
                byCaller = true;
                begin();
                if (writing && !side.mayBlock()) {
                    throw new AssertionError("a caller's write would block: side=" + side.name);
                }
            }
            case WAKE_WRITER -> comeBy(side.world.anyNanos(50_000));
            case ARM_WRITER -> comeBy(CORK_NANOS);
            default -> {}
        }
    }

    /** The handler's thread waits, and everything else goes on. */
    @Override
    public void awaitRoom(long nanos) {
        side.world.run(
                side.world.nowNanos() + nanos,
                () -> side.isDead() || outbox.waits().hasRoom());
        if (side.isDead()) {
            throw new IllegalStateException("dead by now");
        }
    }

    @Override
    public void awaitGone(long bytes, long nanos) {
        side.world.run(
                side.world.nowNanos() + nanos,
                () -> side.isDead() || outbox.waits().isGone(bytes));
        if (side.isDead()) {
            throw new IllegalStateException("dead by now");
        }
    }

    @Override
    public void end() {
        ended = true;
    }

    private void comeBy(long delayNanos) {
        side.world.later(side, delayNanos, "writer", () -> {
            if (!ended && outbox.claimFlusher() && outbox.swap()) {
                byCaller = false;
                begin();
            }
        });
    }

    private void begin() {
        if (writing) {
            throw new AssertionError("two flushers at once: side=" + side.name);
        }
        writing = true;
        hooks.onWrite().run();
        goOn();
    }

    /** Writes on, as far as there is room. */
    void goOn() {
        while (writing) {
            ByteBuffer bytes = outbox.flushing();
            if (bytes.hasRemaining()) {
                if (!offer(bytes)) {
                    return;
                }
            } else if (!outbox.nextSlice()) {
                over();
            }
        }
    }

    private boolean offer(ByteBuffer bytes) {
        try {
            int count = side.out().offer(bytes.array(), bytes.position(), bytes.remaining());
            bytes.position(bytes.position() + count);
            return count > 0;
        } catch (IOException broken) {
            writing = false;
            outbox.end();
            outbox.release();
            hooks.onBroken().accept(broken);
            return false;
        }
    }

    private void over() {
        writing = false;
        if (byCaller && outbox.release()) {
            comeBy(0);
        } else if (!byCaller && outbox.swap()) {
            begin();
        } else {
            hooks.onIdle().run();
        }
    }
}
