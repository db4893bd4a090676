package dev.streamipc.supervise;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.supervise.SupervisionFailure.ChildGone;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts children in order, watches them, starts them again when they end, stops them in reverse order: as in Erlang/OTP. For
 * all threads; no method but {@link #close} blocks.
 *
 * <p>A supervisor has started when all its children have. If the first start of one of them fails, it stops those that have
 * started and ends with {@link SupervisionFailure.ChildNotStarted}. Later a start that fails, or takes longer than its limit,
 * is a failure like any other. Under {@link RestartStrategy#ONE_FOR_ONE} a restart that hangs hinders nobody; under the other
 * strategies those behind it wait, for its start limit at most.
 *
 * <p>When there are more than {@link SupervisorSpec#intensity} restarts within {@link SupervisorSpec#period}, or a rule says
 * {@link FailureAction#ESCALATE}, the supervisor stops its children and ends as failed. For the supervisor above it, that is
 * the failure of a child.
 *
 * <p>Every stop is bounded: each child has its stop limit, is then killed, and given up for lost after its kill limit.
 */
public final class Supervisor implements AutoCloseable {

    /** Ends an observation. */
    @FunctionalInterface
    public interface Observation extends AutoCloseable {

        /** Tells the observer no more. Closing twice does nothing. */
        @Override
        void close();
    }

    private final SupervisorCore core;

    private final CompletableFuture<Void> hasStarted = new CompletableFuture<>();
    private final CompletableFuture<Void> hasEnded = new CompletableFuture<>();
    /** Nothing but {@link #close} hangs on it: no executor and no callback of others holds that up. */
    private final CompletableFuture<Void> isOver = new CompletableFuture<>();

    private Supervisor(SupervisorSpec spec, Surroundings around, Supervised.@Nullable Life above) {
        core = new SupervisorCore(spec, around, above == null ? new RootLife(around) : new BranchLife(around, above));
    }

    /**
     * Returns a supervisor with the time and the threads of this JVM. It does nothing before {@link #start}.
     *
     * @param spec what it watches
     * @return the supervisor
     */
    public static Supervisor of(SupervisorSpec spec) {
        return builder(spec).build();
    }

    /**
     * Returns a builder.
     *
     * @param spec what the supervisor watches
     * @return the builder
     */
    public static Builder builder(SupervisorSpec spec) {
        return new Builder(spec);
    }

    /**
     * Returns the spec of a child that is a supervisor: with its name, and limits of a day, as its own children bound what it
     * takes.
     *
     * @param spec what the supervisor below watches; its children are those of this spec again after each restart
     * @return a builder, for the {@link RestartType} say
     */
    public static ChildSpec.Builder asChild(SupervisorSpec spec) {
        return ChildSpec.within(spec.name(), around -> new SupervisorAsChild(spec, around))
                .startLimit(TimeRange.MAX)
                .stopLimit(TimeRange.MAX)
                .killLimit(TimeRange.MAX);
    }

    /**
     * Starts the children in order, each when the one before has started. Later calls start nothing.
     *
     * @return ends when all have started; fails with why not, at the latest when the limits of all children are over
     */
    public CompletableFuture<Void> start() {
        core.take(new SupervisorInput.Start());
        return view(hasStarted);
    }

    /**
     * Stops the children in reverse order, each when the one behind it has ended, and ends in order. Later calls stop nothing.
     *
     * @return ends when it has ended; never fails
     */
    public CompletableFuture<Void> stop() {
        core.take(new SupervisorInput.Stop());
        return hasEnded.handle((nothing, failure) -> null);
    }

    /**
     * Kills all children at once, in whatever state they are, and ends.
     *
     * @return ends when it has ended; never fails
     */
    public CompletableFuture<Void> kill() {
        core.take(new SupervisorInput.Kill());
        return hasEnded.handle((nothing, failure) -> null);
    }

    /**
     * Returns what ends when the supervisor does.
     *
     * @return ends in order after a stop; fails with what made the supervisor give up
     */
    public CompletableFuture<Void> ended() {
        return view(hasEnded);
    }

    /**
     * Adds a child behind all others and starts it: at once, or when its turn comes if there is an order to keep.
     *
     * @param spec the child
     * @return ends when it has started; fails if there is a child of that name ({@link IllegalArgumentException}), if its first
     *     start fails ({@link SupervisionFailure.ChildNotStarted}), or if it or the supervisor is gone before ({@link
     *     ChildGone}). Then it is not in the tree
     */
    public CompletableFuture<Void> add(ChildSpec spec) {
        Objects.requireNonNull(spec, "spec");
        return core.ask(ticket -> new SupervisorInput.Add(spec, ticket));
    }

    /**
     * Stops a child, within its limits, and takes it out of the tree. The siblings go on.
     *
     * @param name which
     * @return ends when it is gone; fails if there is none ({@link IllegalArgumentException})
     */
    public CompletableFuture<Void> remove(String name) {
        Objects.requireNonNull(name, "name");
        return core.ask(ticket -> new SupervisorInput.Remove(name, ticket));
    }

    /**
     * Returns a supervisor among the children that lives now. After its restart it is another one.
     *
     * @param name which child
     * @return empty if there is no such child, it does not live now, or is no supervisor
     */
    public Optional<Supervisor> branch(String name) {
        return core.living(name) instanceof SupervisorAsChild child
                ? Optional.ofNullable(child.supervisor)
                : Optional.empty();
    }

    /**
     * Returns the tree as it is.
     *
     * @return immutable; its root is this supervisor
     */
    public Snapshot snapshot() {
        return core.snapshot(lastName(core.path()));
    }

    /**
     * Tells an observer what happens here and below from now on, on the executor, in order, one event at a time. If 1,024
     * wait for it, more are left out, which is logged once; what it throws is logged. Other observers do not wait for it.
     *
     * @param observer takes the events
     * @return ends it
     */
    public Observation observe(Consumer<? super SupervisionEvent> observer) {
        return core.observing.add(Objects.requireNonNull(observer, "observer"))::run;
    }

    /**
     * Stops the supervisor and waits until it has ended; the limits of the children bound that, whatever the executor and
     * others who wait for the end do. An interrupt does not end the wait, and is kept. Not to be called from the methods of a
     * {@link Supervised}, nor on the one thread of an executor that has no more.
     */
    @Override
    public void close() {
        core.take(new SupervisorInput.Stop());
        isOver.join();
    }

    /** Returns a future of the caller's own, that fails with the failure itself. */
    private static CompletableFuture<Void> view(CompletableFuture<Void> inner) {
        CompletableFuture<Void> outer = new CompletableFuture<>();
        inner.whenComplete((nothing, failure) -> end(outer, failure));
        return outer;
    }

    private static void end(CompletableFuture<Void> future, @Nullable Throwable failure) {
        if (failure == null) {
            future.complete(null);
        } else {
            future.completeExceptionally(failure);
        }
    }

    private static String lastName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** What becomes of a supervisor. The futures end on the executor. */
    private class RootLife implements Supervised.Life {

        private final Surroundings around;
        /** Written and read by whoever is at work. */
        private boolean saidStarted;

        RootLife(Surroundings around) {
            this.around = around;
        }

        void tell(SupervisionEvent event) {
            core.tell(event);
        }

        @Override
        public void started() {
            saidStarted = true;
            tell(new SupervisionEvent.Started(around.path()));
            around.executor().runSurely("started", () -> hasStarted.complete(null));
        }

        @Override
        public void failing(Throwable failure) {
            // a supervisor that lives is well
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            tell(new SupervisionEvent.Ended(around.path(), failure));
            isOver.complete(null);
            // one by one, the end first: who hears of a failed start may wait for the end
            runSurely("ended", () -> end(hasEnded, failure));
            if (!saidStarted) {
                Throwable why = failure == null ? new ChildGone(around.path(), "stopped before it started") : failure;
                runSurely("started", () -> end(hasStarted, why));
            }
        }

        private void runSurely(String what, Runnable task) {
            core.guarded(what, () -> around.executor().runSurely(what, task));
        }
    }

    /** The life of a supervisor below another, which tells its events itself. */
    private final class BranchLife extends RootLife {

        private final Supervised.Life above;

        BranchLife(Surroundings around, Supervised.Life above) {
            super(around);
            this.above = above;
        }

        @Override
        void tell(SupervisionEvent event) {
            // as its child it is told already
        }

        @Override
        public void started() {
            above.started();
            super.started();
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            above.ended(failure);
            super.ended(failure);
        }
    }

    private static final class SupervisorAsChild implements SupervisorCore.Branch {

        private final SupervisorSpec spec;
        private final Surroundings around;
        private volatile @Nullable Supervisor supervisor;

        SupervisorAsChild(SupervisorSpec spec, Surroundings around) {
            this.spec = spec;
            this.around = around;
        }

        @Override
        public void start(Supervised.Life life) {
            Supervisor made = new Supervisor(spec, around, life);
            supervisor = made;
            made.start();
        }

        @Override
        public void stop() {
            Objects.requireNonNull(supervisor).stop();
        }

        @Override
        public void kill() {
            Supervisor killed = supervisor;
            if (killed != null) {
                killed.kill();
            }
        }

        @Override
        public List<Snapshot> children() {
            Supervisor made = supervisor;
            return made == null ? List.of() : made.core.children();
        }
    }

    /** Collects what a {@link Supervisor} runs in. Not for several threads at a time. */
    public static final class Builder {

        private final SupervisorSpec spec;
        private Executor executor = UsersCode.threads();
        private Scheduler scheduler = Scheduler.ofThisJvm();
        private long seed = ThreadLocalRandom.current().nextLong();

        private Builder(SupervisorSpec spec) {
            this.spec = spec;
        }

        /**
         * Sets what runs the methods of all that is supervised, observers, and what depends on futures; by default daemon
         * threads named {@code streamipc-supervise-<n>}, as many as are needed. A start that hangs keeps its thread: an executor
         * with few threads may have none left, and the limits end what waits for one. If it refuses a start, that start has
         * failed. What has to be run, which is a stop, a kill or the end of a future, gets a thread of its own if it is refused,
         * or has waited for 1 s; that is logged. Events that it refuses are lost, which is logged.
         *
         * @param value the executor
         * @return this
         */
        public Builder executor(Executor value) {
            executor = Objects.requireNonNull(value, "executor");
            return this;
        }

        /**
         * Sets the time; {@link Scheduler#ofThisJvm} by default.
         *
         * @param value the scheduler
         * @return this
         */
        public Builder scheduler(Scheduler value) {
            scheduler = Objects.requireNonNull(value, "scheduler");
            return this;
        }

        /**
         * Sets where the chance in backoffs comes from; another one each time by default.
         *
         * @param value the same gives the same
         * @return this
         */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Returns the supervisor. It does nothing before {@link Supervisor#start}.
         *
         * @return the supervisor
         */
        public Supervisor build() {
            Surroundings around =
                    new Surroundings(spec.name(), new UsersCode(executor, scheduler), scheduler, seed, event -> {});
            return new Supervisor(spec, around, null);
        }
    }
}
