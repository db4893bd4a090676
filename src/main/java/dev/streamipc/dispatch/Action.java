package dev.streamipc.dispatch;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the rules of a pool want done, once its lock is let go. */
sealed interface Action {

    /** It is about to be done: what is wanted from now on is another step. Still under the lock of the pool. */
    default void leaves() {
        // most know nothing of those before them
    }

    /** Sends tasks to a worker, behind those that {@link Slot#sends} has before them. */
    record Send(Slot slot, Sending what) implements Action {

        @Override
        public void leaves() {
            slot.sends.add(what);
            slot.nextSending = null;
        }
    }

    /** Gives a task its outcome. */
    record Settle(
            Task<?> task,
            @Nullable Message answer,
            @Nullable Throwable failure) implements Action {}

    /** Gives a task on a worker its failure, which says how far it had come, and asks the worker to let it be. */
    record GiveUp(Worker worker, Task<?> task, Function<Phase, IpcFailure> failure) implements Action {}

    /** Asks a worker whether it is free again. */
    record Probe(Slot slot, long life, Worker worker, Duration limit) implements Action {}

    /** Ends a worker by force. */
    record Kill(Worker worker) implements Action {}

    /** Has a worker started, and started again whenever it ends. */
    record Add(Slot slot) implements Action {}

    /** Has a worker ended for good. */
    record Remove(Slot slot) implements Action {}

    /** Tells observers, in the order of the news. */
    record Tell(InOrder<DispatcherEvent> news) implements Action {}
}
