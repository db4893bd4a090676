package dev.streamipc.dispatch;

import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.FunctionValue;
import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A dispatcher on a pool, whatever its workers are. */
final class PoolDispatcher implements Dispatcher {

    private static final Duration LAST_NEWS = Duration.ofSeconds(5);

    private final PoolSettings settings;
    private final Set<Capability> capabilities;
    private final Pool pool;
    private final Crew crew;
    private final EventFeed events;
    private final Resources resources;
    private final AtomicReference<@Nullable CompletableFuture<Void>> closing = new AtomicReference<>();

    /** What else ends with a dispatcher. */
    interface Resources {

        /** Releases all that the workers shared. */
        void release();

        /** Returns whether the calling thread runs a callback of this dispatcher, which is not to wait for itself. */
        boolean isCallback();
    }

    /** What a dispatcher is put together from. */
    record Parts(
            PoolSettings settings,
            Set<Capability> capabilities,
            Pool pool,
            Crew crew,
            EventFeed events,
            Resources resources) {}

    PoolDispatcher(Parts parts) {
        settings = parts.settings();
        capabilities = Set.copyOf(parts.capabilities());
        pool = parts.pool();
        crew = parts.crew();
        events = parts.events();
        resources = parts.resources();
    }

    @Override
    @SuppressWarnings("unchecked") // the worker answers a request with what its type says: the session has checked it
    public <R extends Message> CompletableFuture<R> call(Request<R> task, TaskOptions options) {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(options, "options");
        return pool.submit(task, options, answer -> (R) answer);
    }

    @Override
    public <R> CompletableFuture<@Nullable R> call(
            String function, Class<R> type, TaskOptions options, @Nullable Object... arguments) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(options, "options");
        return pool.submit(FunctionCall.of(function, arguments), options, answer -> ((FunctionValue) answer).as(type));
    }

    @Override
    public ExecutorService asExecutor() {
        return new TaskExecutor(this);
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public DispatcherStats stats() {
        return pool.stats();
    }

    @Override
    public List<WorkerSnapshot> workers() {
        return pool.workers();
    }

    @Override
    public Subscription events(Consumer<? super DispatcherEvent> observer) {
        return events.add(Objects.requireNonNull(observer, "observer"));
    }

    @Override
    public boolean pardon(String key) {
        return pool.pardon(Objects.requireNonNull(key, "key"));
    }

    @Override
    public boolean awaitIdle(Duration limit) throws InterruptedException {
        return pool.awaitIdle(atMostADay(limit));
    }

    @Override
    public boolean drain(Duration limit) {
        Duration bounded = atMostADay(limit);
        pool.refuseMore();
        boolean isIdle = false;
        try {
            isIdle = pool.awaitIdle(bounded);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        close();
        return isIdle;
    }

    @Override
    public void close() {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        if (!closing.compareAndSet(null, mine)) {
            mine = closing.get();
        } else if (resources.isCallback()) {
            new Thread(this::end, settings.name() + "-close").start();
        } else {
            end();
        }
        if (mine != null && !resources.isCallback()) {
            mine.join();
        }
    }

    private void end() {
        CompletableFuture<Void> over = closing.get();
        try {
            pool.refuseMore();
            pool.failQueued("the dispatcher is closed");
            awaitRunning();
            pool.failRunning("the dispatcher is closed");
            pool.removeAll();
            crew.stop().join();
            awaitRemoved();
        } finally {
            pool.end();
            resources.release();
            if (over != null) {
                over.complete(null);
            }
        }
    }

    /** The news that the last has ended is on its way. */
    private void awaitRemoved() {
        try {
            pool.await(List::isEmpty, LAST_NEWS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitRunning() {
        try {
            pool.awaitIdle(settings.times().close());
        } catch (InterruptedException interrupted) {
            // whoever waits no longer has what runs ended now
            Thread.currentThread().interrupt();
        }
    }

    private static Duration atMostADay(Duration limit) {
        Objects.requireNonNull(limit, "limit");
        if (limit.isNegative()) {
            return Duration.ZERO;
        }
        return limit.compareTo(CallOptions.MAX_DEADLINE) > 0 ? CallOptions.MAX_DEADLINE : limit;
    }

    /** Returns when the least number of workers is ready; throws why it can't be, and closes then. */
    Dispatcher started() {
        new Opening(settings, pool, crew).await(this::close);
        return this;
    }

    @Override
    public String toString() {
        return "Dispatcher[" + settings.name() + ", workers=" + pool.workers().size() + "]";
    }
}
