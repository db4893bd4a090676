package dev.streamipc.dispatch;

import dev.streamipc.callback.CallbackHop;
import dev.streamipc.callback.Callbacks;
import dev.streamipc.message.Message;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.Request;
import dev.streamipc.process.Child;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.MessageHandler;
import dev.streamipc.session.RequestHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Dispatchers whose workers are child processes: JVMs, Python programs, or any that speak the protocol. */
public final class ProcessDispatcher {

    private ProcessDispatcher() {}

    /**
     * Returns a builder of a dispatcher on JVMs.
     *
     * @param program what each worker runs, on this JVM's class path
     * @return the builder
     * @throws IllegalArgumentException if the class has no public constructor without parameters
     */
    public static Builder builder(Class<? extends WorkerProgram> program) {
        Objects.requireNonNull(program, "program");
        try {
            Objects.requireNonNull(program.getConstructor());
        } catch (NoSuchMethodException missing) {
            throw new IllegalArgumentException(
                    "a worker's class needs a public constructor without parameters: class=" + program.getName(),
                    missing);
        }
        return builder(Child.java(WorkerMain.class).classArchive().arguments(program.getName()));
    }

    /**
     * Returns a builder of a dispatcher on any program that opens a session over its stdio, or where the child is told to.
     *
     * @param child what each worker runs
     * @return the builder
     */
    public static Builder builder(Child child) {
        return new Builder(Objects.requireNonNull(child, "child"));
    }

    /** Makes dispatchers on child processes. Used by one thread. */
    public static final class Builder extends DispatcherBuilder<Builder> {

        private Child child;
        private final List<Class<?>> messages = new ArrayList<>();
        private final List<BiConsumer<IpcSession, Object>> services = new ArrayList<>();
        private UnaryOperator<IpcPeer.Builder> peer = UnaryOperator.identity();
        private Duration startLimit = IpcPeer.Builder.DEFAULT_START_LIMIT;

        private Builder(Child child) {
            this.child = child;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Registers the types of tasks, and others that travel: {@link IpcPeer.Builder#messages}.
         *
         * @param types records, or sealed interfaces of records
         * @return this
         */
        public Builder messages(Class<?>... types) {
            messages.addAll(List.of(Objects.requireNonNull(types, "types")));
            return this;
        }

        /**
         * Sets more of what each worker runs, such as JVM options, the environment, a memory limit.
         *
         * @param more is given the child and returns another
         * @return this
         */
        public Builder child(UnaryOperator<Child> more) {
            child = Objects.requireNonNull(Objects.requireNonNull(more, "more").apply(child), "child");
            return this;
        }

        /**
         * Sets how long a worker may take to be ready, and its start task after that. Default: {@link
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
         * Has each worker replaced once its process holds so much memory, when it is next idle. Looked at once a second, on Linux.
         * Default: never. A hard limit is {@link Child#memoryLimit}.
         *
         * @param bytes of resident memory; 0 for never
         * @return this
         */
        public Builder recycleAtResidentBytes(long bytes) {
            draft.maxResidentBytes = bytes;
            return this;
        }

        /**
         * Sets more of the peer that opens the workers' sessions, such as serializers and limits.
         *
         * @param more is given the builder and returns it
         * @return this
         */
        public Builder peer(UnaryOperator<IpcPeer.Builder> more) {
            peer = Objects.requireNonNull(more, "more");
            return this;
        }

        /**
         * Registers what workers may ask this process for, while they run a task. A task that such a handler hands to this dispatcher
         * is a nested one: {@link #overflow}.
         *
         * @param <T> the type of the request
         * @param <R> the type of its answer
         * @param type the type of the request
         * @param handler runs on a thread of the worker's session
         * @return this
         */
        public <T extends Request<R>, R extends Message> Builder onRequest(
                Class<T> type, RequestHandler<T, R> handler) {
            messages.add(Objects.requireNonNull(type, "type"));
            Objects.requireNonNull(handler, "handler");
            services.add((session, mark) -> session.onRequest(type, NestedMark.around(mark, handler)));
            return this;
        }

        /**
         * Registers what is done with notifications of workers.
         *
         * @param <M> the type
         * @param type the type of the notification
         * @param handler runs on a thread of the worker's session
         * @return this
         */
        public <M extends Message> Builder onMessage(Class<M> type, MessageHandler<M> handler) {
            messages.add(Objects.requireNonNull(type, "type"));
            Objects.requireNonNull(handler, "handler");
            services.add((session, mark) -> session.onMessage(type, NestedMark.beside(mark, handler)));
            return this;
        }

        @Override
        public Dispatcher build() {
            PoolSettings settings = settings();
            Ranges.require(
                    settings.queueing().whenFull() != QueueFull.RUN_IN_CALLER,
                    "a process can't run on the calling thread: queueFull=RUN_IN_CALLER; reject or wait");
            IpcPeer opened = peer.apply(IpcPeer.builder())
                    .messages(messages.toArray(Class<?>[]::new))
                    .startLimit(startLimit)
                    .build();
            return new Assembly(settings, this, opened).dispatcher().started();
        }
    }

    /** Puts a dispatcher together. */
    private static final class Assembly implements PoolDispatcher.Resources {

        private final PoolSettings settings;
        private final Builder wanted;
        private final IpcPeer peer;
        private final Object mark = new Object();
        private final CallbackThreads threads;
        private @Nullable MemoryWatch watch;

        Assembly(PoolSettings settings, Builder wanted, IpcPeer peer) {
            this.settings = settings;
            this.wanted = wanted;
            this.peer = peer;
            threads = new CallbackThreads(settings.name(), wanted.callbackExecutor(), mark);
        }

        PoolDispatcher dispatcher() {
            ProcessPlan plan = new ProcessPlan(new ProcessPlan.Parts(
                    peer,
                    wanted.child,
                    wanted.startLimit,
                    session -> wanted.services.forEach(service -> service.accept(session, mark)),
                    wanted.startTask(),
                    settings.size().prefetch() > 1));
            Crew crew = new Crew(settings, (slot, reports) -> new ProcessLife(slot, reports, plan));
            EventFeed events = new EventFeed(threads.users(), CallbackHop.SPARE);
            wanted.observers().forEach(events::add);
            Hands hands = new Hands(crew, events::tell, threads.aside(), Assembly::refuse);
            Pool pool = new Pool(new Pool.Parts(
                    settings,
                    wanted.scheduler(),
                    new Callbacks(threads.users(), wanted.scheduler(), CallbackHop.SPARE),
                    hands,
                    mark));
            watch = new MemoryWatch(wanted.scheduler(), threads.aside(), pool::lookAtMemory);
            watch.start();
            return new PoolDispatcher(new PoolDispatcher.Parts(
                    settings,
                    EnumSet.of(
                            Capability.ISOLATION, Capability.KILL, Capability.MEMORY_LIMIT, Capability.OTHER_LANGUAGES),
                    pool,
                    crew,
                    events,
                    this));
        }

        private static void refuse(Task<?> task, PoolReports pool) {
            task.settleWith(
                    null,
                    new Rejected(
                            Rejected.Reason.QUEUE_FULL,
                            "a process can't run on the calling thread: queueFull=RUN_IN_CALLER; reject or wait"));
        }

        @Override
        public void release() {
            if (watch != null) {
                watch.end();
            }
            peer.close();
            threads.retire();
        }

        @Override
        public boolean isCallback() {
            return threads.isCurrent();
        }
    }
}
