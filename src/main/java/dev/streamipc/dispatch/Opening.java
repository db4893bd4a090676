package dev.streamipc.dispatch;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.StartFailed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The start of a pool: until the least number of workers is ready, or it is clear that they will not be. */
final class Opening {

    /** Ample: the start limits and the restarts of the workers bound it. */
    private static final Duration AMPLE = Duration.ofHours(1);

    private final PoolSettings settings;
    private final Pool pool;
    private final Crew crew;

    Opening(PoolSettings settings, Pool pool, Crew crew) {
        this.settings = settings;
        this.pool = pool;
        this.crew = crew;
    }

    void await(Runnable close) {
        crew.start(pool);
        pool.fillUp();
        try {
            pool.await(this::isDecided, AMPLE);
        } catch (InterruptedException interrupted) {
            close.run();
            Thread.currentThread().interrupt();
            throw new StartFailed("the start was interrupted: dispatcher=" + settings.name(), List.of(), null, null);
        }
        Throwable failure = failure();
        if (failure != null) {
            close.run();
            throw failed(failure);
        }
        crew.opened();
    }

    private boolean isDecided(List<Slot> slots) {
        long ready = slots.stream().filter(Slot::isReady).count();
        return ready >= settings.size().min() || slots.stream().anyMatch(Opening::isHopeless);
    }

    /** A worker that pauses, or of whose program there never was a process. */
    private static boolean isHopeless(Slot slot) {
        return slot.hasTripped
                || slot.lastFailure instanceof StartFailed failed
                        && failed.report().isEmpty()
                        && !isOfTheProcess(failed.getCause());
    }

    /** What a process that was there has said, or not said in time, may be otherwise the next time. */
    private static boolean isOfTheProcess(@Nullable Throwable cause) {
        return cause instanceof IpcFailure
                || cause instanceof TimeoutException
                || cause instanceof InterruptedException;
    }

    private @Nullable Throwable failure() {
        return pool.firstOf(slot -> isHopeless(slot) ? slot.lastFailure : null);
    }

    /** A new one of the same kind, whose stack shows who built the pool. */
    private StartFailed failed(Throwable failure) {
        if (failure instanceof StartFailed start) {
            return new StartFailed(
                    "dispatcher=" + settings.name() + ", " + start.getMessage(),
                    start.command(),
                    start.report().orElse(null),
                    start);
        }
        String why = failure instanceof IpcFailure ? failure.getMessage() : failure.toString();
        return new StartFailed("dispatcher=" + settings.name() + ", " + why, List.of(), null, failure);
    }
}
