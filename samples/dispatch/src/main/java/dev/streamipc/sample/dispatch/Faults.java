package dev.streamipc.sample.dispatch;

import dev.streamipc.dispatch.Dispatcher;
import dev.streamipc.dispatch.DispatcherEvent;
import dev.streamipc.dispatch.Priority;
import dev.streamipc.dispatch.QueueFull;
import dev.streamipc.dispatch.RestartReason;
import dev.streamipc.dispatch.TaskOptions;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.session.CallOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Three tasks that go wrong, one after the other, and what became of each and of its worker. */
final class Faults {

    /** What a worker may hold; with more it is replaced. */
    static final int RESIDENT_MEBIBYTES = 256;

    private static final int LEAK_MEBIBYTES = 256;
    private static final Duration HANG_LIMIT = Duration.ofSeconds(1);
    /** Before the pictures that wait; the worker says when it begins, so that the failure can tell. */
    private static final TaskOptions AT_ONCE = TaskOptions.of(CallOptions.DEFAULT.tellingStarted())
            .priority(Priority.HIGH)
            .queueFull(QueueFull.WAIT);

    private final Dispatcher pool;
    private final Chronicle chronicle;
    private final Consumer<String> tell;
    private boolean isAsItShould = true;

    /**
     * Takes what is needed.
     *
     * @param tell is given the lines of the result
     */
    Faults(Dispatcher pool, Chronicle chronicle, Consumer<String> tell) {
        this.pool = pool;
        this.chronicle = chronicle;
        this.tell = tell;
    }

    void run() throws InterruptedException {
        crash();
        hang();
        if (ProcStatus.isThere()) {
            grow();
        } else {
            tell.accept("grow: left out, there is no /proc to look into");
        }
    }

    /** Returns whether all ended as the library promises. */
    boolean isAsItShould() {
        return isAsItShould;
    }

    private void crash() throws InterruptedException {
        int before = chronicle.count();
        IpcFailure failure = outcome("crash", AT_ONCE);
        if (failure instanceof ChildDied died) {
            tell.accept("  exit report: " + died.report().summary());
            Optional<DispatcherEvent.Died> event = chronicle.await(
                    before,
                    DispatcherEvent.Died.class,
                    each -> each.failure() instanceof ChildDied other
                            && other.report().pid() == died.report().pid());
            String worker = event.map(DispatcherEvent.Died::worker).orElse("?");
            Optional<DispatcherEvent.Ready> again = ready(before, worker);
            tell.accept("  worker " + worker + ": died; " + told("started again", again));
            expect(again.isPresent() && died.report().exitCode().orElse(0) == PictureWorker.CRASH_CODE);
        } else {
            expect(false);
        }
    }

    private void hang() throws InterruptedException {
        int before = chronicle.count();
        IpcFailure failure = outcome("hang", AT_ONCE.runLimit(HANG_LIMIT));
        Optional<DispatcherEvent.Killed> event = chronicle.await(
                before, DispatcherEvent.Killed.class, each -> each.task().equals("hang"));
        if (event.isPresent()) {
            DispatcherEvent.Killed killed = event.get();
            long pid = chronicle.pid(killed.worker(), killed);
            boolean isGone = ProcStatus.awaitGone(pid);
            tell.accept("  worker " + killed.worker() + ": was cancelled, did not hear it, killed after a grace of "
                    + killed.grace().toMillis() + " ms; pid " + pid + (isGone ? " is gone" : " is STILL THERE"));
            Optional<DispatcherEvent.Ready> other = ready(before, null);
            tell.accept("  replaced: "
                    + told(
                            "by worker "
                                    + other.map(DispatcherEvent.Ready::worker).orElse("?"),
                            other));
            expect(failure instanceof DeadlinePassed && isGone && other.isPresent());
        } else {
            expect(false);
        }
    }

    private void grow() throws InterruptedException {
        int before = chronicle.count();
        AtomicLong pid = new AtomicLong();
        AtomicLong seenMebibytes = new AtomicLong();
        IpcFailure failure = outcome(
                "grow",
                AT_ONCE.onProgress(Grown.class, news -> {
                    pid.set(news.message().pid());
                    seenMebibytes.accumulateAndGet(
                            ProcStatus.residentMebibytes(news.message().pid()), Math::max);
                }),
                LEAK_MEBIBYTES);
        tell.accept("  memory: /proc/" + pid + "/status has shown VmRSS=" + seenMebibytes + " MiB, limit="
                + RESIDENT_MEBIBYTES + " MiB");
        Optional<DispatcherEvent.Recycled> event = chronicle.await(
                before,
                DispatcherEvent.Recycled.class,
                each -> each.reason() == RestartReason.MEMORY && chronicle.pid(each.worker(), each) == pid.get());
        boolean isGone = event.isPresent() && ProcStatus.awaitGone(pid.get());
        event.ifPresent(recycled -> tell.accept("  worker " + recycled.worker() + ": recycled once it was idle, reason="
                + recycled.reason() + ", " + recycled.facts() + "; pid " + pid
                + (isGone ? " is gone" : " is STILL THERE")));
        expect(failure == null && isGone && seenMebibytes.get() > RESIDENT_MEBIBYTES);
    }

    /** Runs a task and tells how it ends; returns its failure. */
    private @Nullable IpcFailure outcome(String function, TaskOptions options, Object... arguments) {
        long startNanos = System.nanoTime();
        String after;
        try {
            String value = pool.call(function, String.class, options, arguments).join();
            after = millisSince(startNanos);
            tell.accept(function + ": ended well after " + after + " ms, value=" + value);
            return null;
        } catch (CompletionException failed) {
            after = millisSince(startNanos);
            IpcFailure failure = (IpcFailure) failed.getCause();
            tell.accept(function + ": ended with " + failure.getClass().getSimpleName() + ", certainty="
                    + failure.certainty() + ", after " + after + " ms");
            return failure;
        }
    }

    private static String millisSince(long startNanos) {
        return Long.toString((System.nanoTime() - startNanos) / 1_000_000);
    }

    /** Waits until a worker is ready again; any other than those that were, if none is named. */
    private Optional<DispatcherEvent.Ready> ready(int before, @Nullable String worker) throws InterruptedException {
        return chronicle.await(
                before,
                DispatcherEvent.Ready.class,
                each -> worker == null || each.worker().equals(worker));
    }

    private static String told(String what, Optional<DispatcherEvent.Ready> ready) {
        return ready.map(is -> what + ", pid=" + is.pid().orElse(-1) + ", ready after "
                        + is.startup().toMillis() + " ms")
                .orElse("NOT REPLACED in time");
    }

    private void expect(boolean isTrue) {
        if (!isTrue) {
            isAsItShould = false;
            tell.accept("  NOT AS IT SHOULD BE");
        }
    }
}
