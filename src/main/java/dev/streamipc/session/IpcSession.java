package dev.streamipc.session;

import dev.streamipc.message.ExitReport;
import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.FunctionValue;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.message.StreamRequest;
import dev.streamipc.message.UploadRequest;
import dev.streamipc.process.ChildProcess;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One conversation with one other side: requests, replies and notifications, both ways, over one channel.
 *
 * <p><b>Every call ends</b>: with its answer, or with one failure of the family {@link IpcFailure}, by its deadline at the
 * latest. A request runs its handler at most once. What one side sends reaches the other in the order of sending, but others
 * may pass a message over 64 KiB, which goes in chunks and counts as sent with its last one; answers come in any order; a
 * notification sent before a reply is handed over before that reply completes its call.
 *
 * <p><b>Start.</b> Register handlers, then start the session: {@link #start}, {@link #serve}, {@link #tick}, {@link
 * #receive}, and the first {@link #request} or {@link #call} do; on the parent's side {@link #notify(Message)} does too.
 * Nothing of the other side's is handed over before.
 *
 * <p><b>Threads.</b> All methods may be called from any thread, unless they say otherwise. Handlers run on the thread that
 * calls {@link #serve} or {@link #tick}, else on the handler executor: by default one thread a session, in order of
 * arrival. Dependents of futures and observers run on the callback executor, never on the thread that reads. A handler may
 * ask back and wait: one level is safe by default, a chain of n needs n handler threads, else its deadline ends it.
 */
public final class IpcSession implements Answering, ByName, Streaming, AutoCloseable {

    private final Facts facts;
    private final Conversation conversation;

    IpcSession(Facts facts, Conversation conversation) {
        this.facts = facts;
        this.conversation = conversation;
    }

    /**
     * Returns the name of this session, as logs show it.
     *
     * @return a short name, unique in its peer
     */
    public String name() {
        return facts.name();
    }

    /**
     * Returns the process behind this session.
     *
     * @return its handle, empty if this session did not start or adopt a process
     */
    public Optional<ProcessHandle> process() {
        return facts.otherEnd().process().map(ChildProcess::process).map(Process::toHandle);
    }

    /**
     * Says how the child behind this session ended, however it ended. Never blocks.
     *
     * @return completes, on the callback executor, once the process has exited, which may be after the session's end; with
     *     an {@link IllegalStateException} at once if this session did not start or adopt a process
     */
    public CompletableFuture<ExitReport> exited() {
        return conversation.exited();
    }

    @Override
    public <T extends Request<R>, R extends Message> Subscription onRequest(
            Class<T> type, ContextHandler<T, R> handler) {
        return conversation.in.handlers.onRequest(type, handler);
    }

    @Override
    public <M extends Message> Subscription onMessage(Class<M> type, MessageHandler<M> handler) {
        return conversation.in.handlers.onMessage(type, handler);
    }

    @Override
    public Subscription function(String name, ContextFunction handler) {
        return conversation.in.handlers.onFunctions(Map.of(name, handler));
    }

    @Override
    public Subscription functions(Object object) {
        return conversation.in.handlers.onFunctions(FunctionMethods.of(object));
    }

    @Override
    public <T extends StreamRequest<P>, P extends Message> Subscription onStream(
            Class<T> type, StreamHandler<T, P> handler) {
        return conversation.in.handlers.onStream(type, handler);
    }

    @Override
    public <T extends UploadRequest<P, R>, P extends Message, R extends Message> Subscription onUpload(
            Class<T> type, UploadHandler<T, P, R> handler) {
        return conversation.in.handlers.onUpload(type, handler);
    }

    /**
     * Registers an observer of what happens to this session. Runs on the callback executor. One that comes late is told of the
     * opening and of the end all the same.
     *
     * @param observer must not block for long
     * @return pauses, resumes and removes the observer
     */
    public Subscription events(Consumer<? super SessionEvent> observer) {
        return conversation.observers.add(observer);
    }

    /** Starts the session with a thread that reads; handlers run on the handler executor. Does nothing if it runs. */
    public void start() {
        conversation.driving.start();
    }

    /**
     * Sends a request with the peer's default deadline. Never blocks, unless the peer waits for room: {@link WhenFull}.
     *
     * @param <R> the type of the answer
     * @param request of a type that both sides know
     * @return completes with the answer, or with an {@link IpcFailure}
     */
    public <R extends Message> CompletableFuture<R> request(Request<R> request) {
        return request(request, CallOptions.DEFAULT);
    }

    /**
     * Sends a request. Never blocks, unless it is to wait for room, by its deadline at the latest: {@link WhenFull}. Cancelling
     * the future ends the call at once and tells the other side, whose handler may ask for that; its {@code join} then throws
     * {@code CancellationException} with {@code Cancelled} as the cause, and all other failures come as the cause of a {@code
     * CompletionException}. Completing the future by hand, as {@code orTimeout} and its like do, is a cancel for the other
     * side too.
     *
     * @param <R> the type of the answer
     * @param request of a type that both sides know
     * @param options deadline, progress and more
     * @return completes with the answer, or with an {@link IpcFailure}
     * @throws IllegalStateException if the options hold a {@link ProgressPublisher} that has a call already
     */
    public <R extends Message> CompletableFuture<R> request(Request<R> request, CallOptions options) {
        return conversation.unwaited(conversation.ask(request, options, Asking.Extra.NONE));
    }

    @Override
    public <R> CompletableFuture<@Nullable R> request(
            String function, Class<R> type, CallOptions options, @Nullable Object... arguments) {
        return conversation.unwaited(conversation.ask(FunctionCall.of(function, arguments), options, valueAs(type)));
    }

    @Override
    public <R> @Nullable R call(String function, Class<R> type, CallOptions options, @Nullable Object... arguments) {
        return conversation.outcome(conversation.ask(FunctionCall.of(function, arguments), options, valueAs(type)));
    }

    private static Asking.Extra valueAs(Class<?> type) {
        return Asking.Extra.of(answer -> ((FunctionValue) answer).as(type));
    }

    /**
     * Sends a request with the peer's default deadline and blocks for its answer. Not to be called on a callback thread.
     *
     * @param <R> the type of the answer
     * @param request of a type that both sides know
     * @return the answer
     * @throws IpcFailure if the call ends without an answer
     */
    public <R extends Message> R call(Request<R> request) {
        return call(request, CallOptions.DEFAULT);
    }

    /**
     * Sends a request and blocks for its answer, by the deadline at the latest. An interrupt does not end the wait, except
     * that for room.
     *
     * @param <R> the type of the answer
     * @param request of a type that both sides know
     * @param options deadline and more
     * @return the answer
     * @throws IpcFailure if the call ends without an answer
     */
    public <R extends Message> R call(Request<R> request, CallOptions options) {
        return conversation.outcome(conversation.<R>ask(request, options, Asking.Extra.NONE));
    }

    @Override
    public <P extends Message> PartStream<P> stream(StreamRequest<P> request, CallOptions options) {
        conversation.driving.start();
        return conversation.out.streams.stream(request, options);
    }

    @Override
    public <P extends Message, R extends Message> Upload<P, R> upload(
            UploadRequest<P, R> request, CallOptions options) {
        conversation.driving.start();
        return conversation.out.streams.upload(request, options);
    }

    /**
     * Queues a notification and returns. Never promises arrival: {@link #flush} is the barrier. Never blocks, unless the
     * peer waits for room: {@link WhenFull}.
     *
     * @param message of a type that both sides know
     * @throws IpcFailure {@code Rejected} if a queue is full or the type is not shared, {@code Undecodable} if it can't be
     *     encoded, {@code SessionClosed} or what else ended the session
     */
    public void notify(Message message) {
        if (facts.role() == Role.PARENT) {
            conversation.driving.start();
        }
        conversation.out.notes.send(message, facts.settings().whenFull());
    }

    /** Queues a notification and never blocks: for broadcasts. */
    void notifyAtOnce(Message message) {
        if (facts.role() == Role.PARENT) {
            conversation.driving.start();
        }
        conversation.out.notes.send(message, WhenFull.REJECT);
    }

    /**
     * Asks the other side for a sign that it has taken in everything sent before. Never blocks.
     *
     * @param limit how long to wait for it; a day at most
     * @return completes with the time that it took, or with an {@link IpcFailure}
     */
    public CompletableFuture<Duration> ping(Duration limit) {
        return conversation.unwaited(conversation.barrier(atMostADay(limit)));
    }

    /**
     * Blocks until the other side has taken in everything sent before.
     *
     * @param limit how long to wait at most; a day at most
     * @throws IpcFailure {@code DeadlinePassed} if the time is up, or what ended the session
     */
    public void flush(Duration limit) {
        conversation.outcome(conversation.barrier(atMostADay(limit)));
    }

    /**
     * Waits for a notification that has no handler. Such notifications wait in a bounded queue, whose oldest is dropped.
     *
     * @param limit how long to wait at most; a day at most
     * @return the notification, empty when the time is up, or when the session has ended and none is left
     * @throws InterruptedException if the thread is interrupted
     */
    public Optional<Message> receive(Duration limit) throws InterruptedException {
        conversation.driving.start();
        conversation.driving.beforeWaiting();
        return conversation.in.mailbox.receive(atMostADay(limit).toNanos());
    }

    /**
     * Runs handlers on this thread: those that are due, or the first that come within a time. One thread at a time ticks.
     *
     * @param limit how long to wait for something to do; a day at most
     * @return false once the session has ended
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public boolean tick(Duration limit) throws InterruptedException {
        return conversation.driving.tick(atMostADay(limit).toNanos());
    }

    /**
     * Runs handlers on this thread for a time, or until the session ends.
     *
     * @param time how long; a day at most
     * @return false once the session has ended
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public boolean tickFor(Duration time) throws InterruptedException {
        return conversation.driving.tickFor(atMostADay(time).toNanos());
    }

    /**
     * Reads and runs handlers on this thread until the session ends: the fastest way for a child. If the session has a
     * reader already, or a handler asks back, a thread of its own reads and this one runs the handlers.
     * An interrupt that comes while a handler runs is that handler's, and gone when it returns; one that finds this thread
     * waiting for work may end this method, with the flag set, and the session goes on.
     */
    public void serve() {
        try {
            conversation.driving.serve();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Returns what the session has done so far and what waits in it. Never blocks for long, also after the end.
     *
     * @return a snapshot
     */
    public SessionStats stats() {
        return conversation.stats();
    }

    /**
     * Returns whether the session has ended.
     *
     * @return true once every call has its outcome and nothing is sent or taken any more
     */
    public boolean isClosed() {
        return conversation.ending.isOver();
    }

    /**
     * Blocks until the session has ended and everything is released.
     *
     * @param limit how long to wait at most; a day at most
     * @return false if the time is up
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean awaitClosed(Duration limit) throws InterruptedException {
        return conversation.ending.awaitReleased(atMostADay(limit));
    }

    /**
     * Ends the session in order: calls of this side fail with {@link SessionClosed}, requests of the other side that were
     * started are answered, the rest is rejected, and what was sent is written. A child process of ours then ends, by
     * force if need be. Idempotent.
     *
     * <p>Blocks until all is released: at most the peer's close limit twice and 5 s more. From inside a handler or a
     * callback it returns at once and the rest follows.
     */
    @Override
    public void close() {
        conversation.ending.close();
        if (conversation.isInside()) {
            return;
        }
        try {
            Duration limit = facts.settings()
                    .times()
                    .close()
                    .multipliedBy(2)
                    .plus(ChildProcess.MAX_STOP)
                    .plusSeconds(1);
            if (!conversation.ending.awaitReleased(limit)) {
                SessionLog.LOG.warn("{} not released in time: limitMs={}", name(), limit.toMillis());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static Duration atMostADay(Duration limit) {
        Duration least = limit.isNegative() ? Duration.ZERO : limit;
        return least.compareTo(CallOptions.MAX_DEADLINE) > 0 ? CallOptions.MAX_DEADLINE : least;
    }

    /** Returns the process behind this session. */
    Process processOrThrow() {
        return facts.otherEnd().process().orElseThrow().process();
    }

    /** Begins the end and returns: for a peer that closes many at once. */
    void beginClose() {
        conversation.ending.close();
    }

    /** Returns what is behind this session. */
    Conversation conversation() {
        return conversation;
    }

    /**
     * Returns name, process and state.
     *
     * @return one line
     */
    @Override
    public String toString() {
        String pid = process().map(handle -> ", pid=" + handle.pid()).orElse("");
        return "IpcSession[" + name() + pid + (isClosed() ? ", closed]" : "]");
    }
}
