package dev.streamipc.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.Cancelled;
import dev.streamipc.message.Phase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where the dependents of a call's future run, and what a caller may do to it. */
@Timeout(30)
class CallFutureTest {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Callbacks callbacks = new Callbacks(tasks::add, Scheduler.ofThisJvm(), Runnable::run);
    private final List<String> seen = new ArrayList<>();

    private void runCallbacks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void everyKindOfDependentRunsOnTheCallbackExecutor() {
        CallFuture<String> call = new CallFuture<>(callbacks);
        CompletableFuture<String> other = CompletableFuture.completedFuture("b");
        call.thenApply(value -> seen.add("apply " + value));
        call.thenAccept(value -> seen.add("accept " + value));
        call.thenRun(() -> seen.add("run"));
        call.thenCombine(other, (left, right) -> seen.add("combine " + left + right));
        call.thenAcceptBoth(other, (left, right) -> seen.add("both " + left + right));
        call.runAfterBoth(other, () -> seen.add("after both"));
        call.applyToEither(new CompletableFuture<>(), value -> seen.add("either " + value));
        call.acceptEither(new CompletableFuture<>(), value -> seen.add("accept either " + value));
        call.runAfterEither(new CompletableFuture<>(), () -> seen.add("after either"));
        call.thenCompose(value -> CompletableFuture.completedFuture(seen.add("compose " + value)));
        call.handle((value, failure) -> seen.add("handle " + value));
        call.whenComplete((value, failure) -> seen.add("when " + value));

        call.settle("a", null);

        assertEquals(List.of(), seen);
        runCallbacks();
        assertEquals(12, seen.size(), seen::toString);
        assertTrue(seen.containsAll(List.of("combine ab", "both ab", "either a", "compose a", "when a")));
    }

    @Test
    void failuresReachThoseWhoCatchThem() throws Exception {
        CallFuture<String> call = new CallFuture<>(callbacks);
        CompletableFuture<String> caught = call.exceptionally(Throwable::getMessage);
        CompletableFuture<String> composed =
                call.exceptionallyCompose(failure -> CompletableFuture.completedFuture("c " + failure.getMessage()));

        call.settle(null, new IllegalStateException("planted"));
        runCallbacks();

        assertEquals("planted", caught.get(1, TimeUnit.SECONDS));
        assertEquals("c planted", composed.get());
        assertThrows(ExecutionException.class, call::get);
    }

    @Test
    void whatIsToldOfTheOutcomeAtOnceNeedsNoCallback() {
        CallFuture<String> call = new CallFuture<>(callbacks);
        call.whenSettled((value, failure) -> seen.add(value));

        call.settle("a", null);

        assertEquals(List.of("a"), seen);
        assertEquals(0, tasks.size());
    }

    @Test
    void aWaitMayBeOver() {
        CallFuture<String> call = new CallFuture<>(callbacks);

        assertThrows(TimeoutException.class, () -> call.get(1, TimeUnit.MILLISECONDS));
    }

    @Test
    void aCancelThrowsTheExceptionOfTheJdkWithOursAsItsCause() {
        Call call = new Call();
        assertTrue(call.cancel(true));

        assertTrue(call.isCancelled());
        assertInstanceOf(
                Cancelled.class,
                assertThrows(CancellationException.class, call::join).getCause());
        assertThrows(CancellationException.class, call::get);
        assertThrows(CancellationException.class, () -> call.get(1, TimeUnit.SECONDS));
        assertThrows(CancellationException.class, () -> call.getNow("x"));
    }

    @Test
    void whateverACallerCompletesByHandIsTold() throws Exception {
        Call done = new Call();
        assertTrue(done.complete("a"));
        assertFalse(done.complete("b"));
        Call failed = new Call();
        assertTrue(failed.completeExceptionally(new IllegalStateException("planted")));
        Call later = new Call();
        later.completeAsync(() -> "c", Runnable::run);
        Call broken = new Call();
        broken.completeAsync(() -> {
            throw new IllegalStateException("planted");
        });
        runCallbacks();
        Call forced = new Call();
        forced.obtrudeValue("d");
        Call spoilt = new Call();
        spoilt.obtrudeException(new IllegalStateException("planted"));

        assertEquals("a", done.get());
        assertEquals("c", later.join());
        assertEquals("d", forced.getNow("x"));
        assertTrue(broken.isCompletedExceptionally() && spoilt.isCompletedExceptionally());
        assertFalse(failed.isCancelled());
        assertEquals(6, seen.size(), seen::toString);
    }

    private final class Call extends CancellableCall<String> {

        Call() {
            super(callbacks);
        }

        @Override
        public boolean hasBegun() {
            return false;
        }

        @Override
        protected void cancelled() {
            settleHere(null, new Cancelled(Phase.QUEUED, "by hand"));
        }

        @Override
        protected void completing() {}

        @Override
        protected void completedByCaller(@Nullable Throwable failure) {
            seen.add("by hand: " + failure);
        }
    }
}
