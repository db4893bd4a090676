package dev.streamipc.dispatch;

import dev.streamipc.callback.CallbackHop;
import dev.streamipc.callback.Callbacks;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.LocalCall;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Dispatchers whose workers are threads of this JVM: the same tasks, rules and failures as with processes, at a small part of the
 * cost, and without their walls. Tasks, answers, arguments and values are handed over as they are, not copied: what is changed
 * after it was handed over changes for the other side too.
 *
 * <p>A thread can't be killed. A task that is given up, because its caller cancels it or its time is up, is cancelled and its thread
 * interrupted. If it still runs when the grace is over, its worker is left behind and replaced ({@link
 * DispatcherEvent.Abandoned}); {@link DispatcherStats#abandoned} counts those that still run. With {@link Builder#maxAbandoned} of
 * them the dispatcher takes no more tasks: {@code Rejected}, BREAKER_OPEN, until some end. {@link Dispatcher#close} waits
 * for a thread no longer than the grace; one that hears nothing outlives it.
 *
 * <p>What a task throws, errors too, is the failure of that task alone. A task that runs the JVM out of memory, or ends it, does so
 * for all: {@link Dispatcher#capabilities} has no ISOLATION. Memory for attachments that a task's options lend is not used.
 */
public final class ThreadDispatcher {

    private ThreadDispatcher() {}

    /**
     * Returns a builder of a dispatcher on threads, each with a program of its own.
     *
     * @param program makes one for each worker, on its thread
     * @return the builder
     */
    public static Builder builder(Supplier<? extends WorkerProgram> program) {
        return new Builder(Objects.requireNonNull(program, "program"));
    }

    /**
     * Returns a builder of a dispatcher on threads that share a program: {@code setUp} is called once for each worker, and what it
     * registers must be fit for several threads if workers have it in common.
     *
     * @param program what all workers run
     * @return the builder
     */
    public static Builder builder(WorkerProgram program) {
        Objects.requireNonNull(program, "program");
        return new Builder(() -> program);
    }

    /** Makes dispatchers on threads. Used by one thread. */
    public static final class Builder extends DispatcherBuilder<Builder> {

        /** 16 threads. */
        public static final int DEFAULT_MAX_ABANDONED = 16;

        private final Supplier<? extends WorkerProgram> program;
        private Duration startLimit = IpcPeer.Builder.DEFAULT_START_LIMIT;
        private int maxAbandoned = DEFAULT_MAX_ABANDONED;
        private boolean isVirtual = true;

        private Builder(Supplier<? extends WorkerProgram> program) {
            this.program = program;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets how long a worker may take to be set up, its start task included. Default: {@link
         * IpcPeer.Builder#DEFAULT_START_LIMIT}.
         *
         * @param limit more than zero, at most a day
         * @return this
         */
        public Builder startLimit(Duration limit) {
            startLimit = Objects.requireNonNull(limit, "limit");
            return this;
        }

        /**
         * Limits how many threads that can't be ended may still run what was given up. With so many no tasks are taken, and those that
         * wait are refused; those that run by then may yet become more, at most one a worker. Default: {@link
         * #DEFAULT_MAX_ABANDONED}.
         *
         * @param count 1 or more
         * @return this
         */
        public Builder maxAbandoned(int count) {
            maxAbandoned = count;
            return this;
        }

        /**
         * Sets whether workers are virtual threads where the JVM has them. Say no for tasks that reckon for long without a wait: they
         * hold the few threads that carry all virtual ones of this JVM. Default: yes; while a thread is left behind, new workers
         * are others.
         *
         * @param wanted false for platform threads, which are daemons
         * @return this
         */
        public Builder virtualThreads(boolean wanted) {
            isVirtual = wanted;
            return this;
        }

        @Override
        public Dispatcher build() {
            Ranges.positive("startLimit", startLimit);
            Ranges.require(maxAbandoned >= 1, "maxAbandoned is less than one: maxAbandoned=" + maxAbandoned);
            return new Assembly(settings(), this).dispatcher().started();
        }
    }

    /** Puts a dispatcher together. */
    private static final class Assembly implements PoolDispatcher.Resources {

        private final PoolSettings settings;
        private final Builder wanted;
        private final Object mark = new Object();
        private final CallbackThreads threads;

        Assembly(PoolSettings settings, Builder wanted) {
            this.settings = settings;
            this.wanted = wanted;
            threads = new CallbackThreads(settings.name(), wanted.callbackExecutor(), mark);
        }

        PoolDispatcher dispatcher() {
            Callbacks callbacks = new Callbacks(threads.users(), wanted.scheduler(), CallbackHop.SPARE);
            ThreadPlan plan = plan(callbacks);
            Crew crew = new Crew(settings, (slot, reports) -> new ThreadLife(slot, reports, plan));
            EventFeed events = new EventFeed(threads.users(), CallbackHop.SPARE);
            wanted.observers().forEach(events::add);
            Hands hands = new Hands(crew, events::tell, threads.aside(), new CallerRuns(plan)::run);
            Pool pool = new Pool(new Pool.Parts(settings, wanted.scheduler(), callbacks, hands, mark));
            return new PoolDispatcher(
                    new PoolDispatcher.Parts(settings, EnumSet.of(Capability.RUN_IN_CALLER), pool, crew, events, this));
        }

        private ThreadPlan plan(Callbacks callbacks) {
            return new ThreadPlan(new ThreadPlan.Parts(
                    wanted.program,
                    wanted.startTask(),
                    wanted.startLimit,
                    settings.times().grace(),
                    mark,
                    wanted.isVirtual,
                    new Abandoned(wanted.maxAbandoned),
                    new ThreadPlan.Clock(wanted.scheduler(), threads.aside()),
                    new LocalCalls(new LocalCall.Surroundings(callbacks, threads.aside()))));
        }

        @Override
        public void release() {
            threads.retire();
        }

        /** A worker that closes its dispatcher is not to wait for its own end. */
        @Override
        public boolean isCallback() {
            return threads.isCurrent();
        }
    }
}
