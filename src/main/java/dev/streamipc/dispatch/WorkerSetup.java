package dev.streamipc.dispatch;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.session.ContextFunction;
import dev.streamipc.session.ContextHandler;
import dev.streamipc.session.FunctionHandler;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.LocalHandlers;
import dev.streamipc.session.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Collects what a worker can do, be it a process or a thread. Used by one thread. */
public final class WorkerSetup {

    /** Made before the user's part: it has a thread of its own make things ready meanwhile. */
    private final IpcPeer.Builder peer = IpcPeer.builder();

    private final List<Class<?>> types = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    /** Something that is registered, in a process or in a thread. */
    private record Step(Consumer<IpcSession> inProcess, Consumer<LocalHandlers> inThread) {}

    WorkerSetup() {}

    /**
     * Registers a handler for tasks of a type. The type itself is known to the worker then; the dispatcher's builder is told of it
     * by {@link ProcessDispatcher.Builder#messages}.
     *
     * @param <T> the type of the task
     * @param <R> the type of its answer
     * @param type the type of the task
     * @param handler what it throws reaches the caller as {@code RemoteFailure}
     * @return this
     */
    public <T extends Request<R>, R extends Message> WorkerSetup onRequest(
            Class<T> type, RequestHandler<T, R> handler) {
        return onRequest(type, (request, context) -> handler.handle(request));
    }

    /**
     * Registers a handler for tasks of a type that tells of its progress, or asks whether the task is still wanted.
     *
     * @param <T> the type of the task
     * @param <R> the type of its answer
     * @param type the type of the task
     * @param handler what it throws reaches the caller as {@code RemoteFailure}
     * @return this
     */
    public <T extends Request<R>, R extends Message> WorkerSetup onRequest(
            Class<T> type, ContextHandler<T, R> handler) {
        types.add(type);
        steps.add(new Step(session -> session.onRequest(type, handler), local -> local.onRequest(type, handler)));
        return this;
    }

    /**
     * Registers a function by its name.
     *
     * @param name what tasks call it by
     * @param handler what it throws reaches the caller as {@code RemoteFailure}
     * @return this
     */
    public WorkerSetup function(String name, FunctionHandler handler) {
        return function(name, (call, context) -> handler.handle(call));
    }

    /**
     * Registers a function that tells of its progress, or asks whether the task is still wanted.
     *
     * @param name what tasks call it by
     * @param handler what it throws reaches the caller as {@code RemoteFailure}
     * @return this
     */
    public WorkerSetup function(String name, ContextFunction handler) {
        steps.add(new Step(session -> session.function(name, handler), local -> local.function(name, handler)));
        return this;
    }

    /**
     * Registers each public method of an object that is annotated {@link dev.streamipc.session.Function}.
     *
     * @param object its methods are the functions
     * @return this
     */
    public WorkerSetup functions(Object object) {
        steps.add(new Step(session -> session.functions(object), local -> local.functions(object)));
        return this;
    }

    /**
     * Makes further message types known, such as those of progress.
     *
     * @param more records, or sealed interfaces of records
     * @return this
     */
    public WorkerSetup messages(Class<?>... more) {
        types.addAll(List.of(more));
        return this;
    }

    /**
     * Does anything else with the worker's session before it begins, for instance keep it, to ask the parent. A
     * worker that is a thread has none: its start fails.
     *
     * @param step is given the session
     * @return this
     */
    public WorkerSetup withSession(Consumer<IpcSession> step) {
        steps.add(new Step(step, WorkerSetup::refuse));
        return this;
    }

    private static void refuse(LocalHandlers handlers) {
        throw new UnsupportedOperationException(
                "a worker that is a thread has no session; call withSession in processes only");
    }

    IpcPeer.Builder peer() {
        return peer.messages(types.toArray(Class<?>[]::new));
    }

    void register(IpcSession session) {
        steps.forEach(step -> step.inProcess().accept(session));
    }

    void register(LocalHandlers handlers) {
        steps.forEach(step -> step.inThread().accept(handlers));
    }
}
