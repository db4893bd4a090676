package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.StreamChannel;
import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.Message;
import dev.streamipc.message.StartFailed;
import dev.streamipc.process.Child;
import dev.streamipc.process.OrphanWatch;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.TypeRegistry;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Owns sessions: opens them, broadcasts to them, closes them. They share message types, serializers and limits.
 *
 * <p>For all threads. Closing the peer closes its sessions and stops the children that it started.
 */
public final class IpcPeer implements AutoCloseable {

    final PeerSettings settings;
    private final OpenSessions sessions;
    private final Ways ways;

    IpcPeer(PeerSettings settings) {
        this.settings = settings;
        this.sessions = new OpenSessions(settings);
        this.ways = new Ways(settings, sessions);
    }

    /**
     * Returns a builder with the defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        Ahead.begin();
        return new Builder();
    }

    /**
     * Starts a child and opens a session over its stdin and stdout. Blocks until the child has said HELLO, by the start
     * limit at the latest. The child is ours: it ends with the session.
     *
     * @param child what to run
     * @return the session; start it once its handlers are registered
     * @throws StartFailed if the child can't be started, ends too early, does not answer in time, or does not fit, or the
     *     thread is interrupted, whose flag is set then; what was started is ended
     */
    public IpcSession spawn(Child child) {
        return ways.toNew(child);
    }

    /**
     * Opens a session, as parent, over the stdin and stdout of a process that the user started. Its stderr is drained if it
     * is piped. The process stays the user's: closing the session closes its streams and does not stop it, as {@link
     * #createOwnedProcessSession} does. If it ends before its HELLO, calls end as {@code ChildDied} and were not executed.
     *
     * @param process started with piped stdin and stdout
     * @return the session; start it once its handlers are registered
     */
    public IpcSession createProcessSession(Process process) {
        return ways.toProcess(process, false);
    }

    /**
     * Opens a session like {@link #createProcessSession}, and takes the process over: it ends with the session.
     *
     * @param process started with piped stdin and stdout
     * @return the session; start it once its handlers are registered
     */
    public IpcSession createOwnedProcessSession(Process process) {
        return ways.toProcess(process, true);
    }

    /**
     * Opens the session of a child with its parent, over stdin and stdout, which belong to the protocol from now on:
     * {@code System.out} goes to stderr, {@code System.in} is empty. Once a process. SIGINT is ignored; this process ends
     * when its parent does, within the orphan grace, whatever its threads are doing.
     *
     * <p>A parent may want to talk over a socket instead: {@link Child#over}. Then {@code System.out} stays what it is, of stdin
     * only the parent's first line is taken, and this blocks until it is there.
     *
     * @return the session; start it once its handlers are registered
     * @throws IllegalStateException if stdio was taken over before
     * @throws StartFailed if the parent's socket can't be reached
     */
    public IpcSession createStdioSession() {
        return ways.toParent();
    }

    /**
     * Opens a session, as child, with who listens on a Unix domain socket: {@link #listenUnix} of a process of the same user.
     * The token is read from the file beside the socket. Blocks until the listener has said HELLO, by the start limit at the
     * latest.
     *
     * @param path of the socket
     * @return the session; start it once its handlers are registered
     * @throws StartFailed if nobody listens there, or this process is not let in
     */
    public IpcSession createUnixSession(Path path) {
        return ways.toListener(path);
    }

    /**
     * Listens on a Unix domain socket, as parent. Only processes of this user get near: the folder of the socket, which is made
     * if it is not there, must be open to nobody else (mode 0700), each connection's user is checked, and each has to show
     * the one-time token that stands in {@code <path>.token} (mode 0600). What a dead process left there is replaced.
     *
     * @param path of the socket; 107 bytes at most, 103 on macOS
     * @return hands out the sessions; is closed with this peer, if not before
     * @throws StartFailed if a living process listens there, the folder is open to others, the path is too long, or something
     *     else is in the way; the text says what to do
     */
    public SessionListener listenUnix(Path path) {
        return ways.listener(path);
    }

    /**
     * Opens a session over any pair of streams.
     *
     * @param in what the other side writes; read by one thread, in slices of 8 KiB
     * @param out what the other side reads
     * @param role which end this is; the other side is the other one
     * @return the session; start it once its handlers are registered
     */
    public IpcSession createStreamSession(InputStream in, OutputStream out, Role role) {
        return ways.over(StreamChannel.of(in, out), role);
    }

    /**
     * Opens a session over any channel. The session closes it.
     *
     * @param channel the channel
     * @param role which end this is; the other side is the other one
     * @return the session; start it once its handlers are registered
     */
    public IpcSession createSession(IpcChannel channel, Role role) {
        return ways.over(channel, role);
    }

    /**
     * Queues a notification in every open session. Never blocks, whatever {@link WhenFull} says; a slow session holds up
     * no other.
     *
     * @param message of a type that both sides know
     * @return a result a session
     */
    public List<BroadcastResult> broadcast(Message message) {
        return sessions.broadcast(message);
    }

    /**
     * Returns the sessions that have not released everything yet.
     *
     * @return a copy
     */
    public List<IpcSession> sessions() {
        return sessions.all();
    }

    /**
     * Closes all sessions, at the same time, and opens none any more. Blocks as {@link IpcSession#close} does, once and not once a session.
     */
    @Override
    public void close() {
        sessions.close();
    }

    /**
     * Returns the number of sessions and the default deadline.
     *
     * @return one line
     */
    @Override
    public String toString() {
        Duration deadline = settings.times().deadline();
        return "IpcPeer[sessions=" + sessions.size() + ", deadlineMs=" + deadline.toMillis() + "]";
    }

    /** Makes a peer. Used by one thread. */
    public static final class Builder {

        /** 30 seconds. */
        public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(30);
        /** 30 seconds. */
        public static final Duration DEFAULT_START_LIMIT = Duration.ofSeconds(30);
        /** 5 seconds. */
        public static final Duration DEFAULT_CLOSE_LIMIT = Duration.ofSeconds(5);
        /** 5 seconds. */
        public static final Duration DEFAULT_STALL_LIMIT = Duration.ofSeconds(5);

        private final List<Class<?>> messages = new ArrayList<>();
        private List<MessageSerializer> serializers = List.of(new KryoMessageSerializer(), new JsonMessageSerializer());
        private Supplier<RequestIdGenerator> requestIds = RequestIdGenerator::counter;
        private Limits limits = Limits.DEFAULT;
        private WhenFull whenFull = WhenFull.REJECT;
        private Duration deadline = DEFAULT_DEADLINE;
        private Duration startLimit = DEFAULT_START_LIMIT;
        private Duration closeLimit = DEFAULT_CLOSE_LIMIT;
        private Duration orphanGrace = OrphanWatch.DEFAULT_GRACE;
        private Duration stallLimit = DEFAULT_STALL_LIMIT;
        private Optional<Executor> handlerExecutor = Optional.empty();
        private Optional<Executor> callbackExecutor = Optional.empty();
        private boolean isLowLatency;
        private Scheduler scheduler = Scheduler.ofThisJvm();

        Builder() {}

        /**
         * Registers message types: records, or sealed interfaces of records. The answers of requests and the records and enums
         * inside them come with them; {@code LogMessage} is always there.
         *
         * @param types classes of this side
         * @return this
         */
        public Builder messages(Class<?>... types) {
            messages.addAll(Arrays.asList(types));
            return this;
        }

        /**
         * Sets the serializers, in order of preference; the parent's order decides. Default: Kryo, then JSON.
         *
         * @param inOrder at least one, names distinct
         * @return this
         */
        public Builder serializers(MessageSerializer... inOrder) {
            serializers = List.of(inOrder);
            return this;
        }

        /**
         * Sets how requests are numbered, for example {@code RequestIdGenerator::random}. Default: a counter.
         *
         * @param perSession makes one generator for each session
         * @return this
         */
        public Builder requestIds(Supplier<RequestIdGenerator> perSession) {
            requestIds = perSession;
            return this;
        }

        /**
         * Sets the bounds of each session. Default: {@link Limits#DEFAULT}.
         *
         * @param bounds the bounds
         * @return this
         */
        public Builder limits(Limits bounds) {
            limits = bounds;
            return this;
        }

        /**
         * Sets what requests and notifications do that find a queue full. Default: {@link WhenFull#REJECT}.
         *
         * @param policy for all sessions; a call may have its own
         * @return this
         */
        public Builder whenFull(WhenFull policy) {
            whenFull = policy;
            return this;
        }

        /**
         * Sets the deadline of calls that name none. Default: {@link #DEFAULT_DEADLINE}.
         *
         * @param limit more than zero, at most {@link CallOptions#MAX_DEADLINE}
         * @return this
         */
        public Builder deadline(Duration limit) {
            deadline = limit;
            return this;
        }

        /**
         * Sets how long HELLO, and a child's READY, may take. Default: {@link #DEFAULT_START_LIMIT}.
         *
         * @param limit more than zero, at most a day
         * @return this
         */
        public Builder startLimit(Duration limit) {
            startLimit = limit;
            return this;
        }

        /**
         * Sets how long the orderly end of a session may take before force is used. Default: {@link #DEFAULT_CLOSE_LIMIT}.
         *
         * @param limit more than zero, at most a day
         * @return this
         */
        public Builder closeLimit(Duration limit) {
            closeLimit = limit;
            return this;
        }

        /**
         * Sets how long a child that lost its parent has for its own end before it is halted. Default: {@link
         * OrphanWatch#DEFAULT_GRACE}.
         *
         * @param grace more than zero, at most a day
         * @return this
         */
        public Builder orphanGrace(Duration grace) {
            orphanGrace = grace;
            return this;
        }

        /**
         * Sets for how long the channel may take no byte, while some wait, before observers are told of a {@link
         * SessionEvent.Stalled}. Nothing else happens then. Default: {@link #DEFAULT_STALL_LIMIT}.
         *
         * @param limit more than zero, at most a day
         * @return this
         */
        public Builder stallLimit(Duration limit) {
            stallLimit = limit;
            return this;
        }

        /**
         * Sets where handlers run. With an executor of several threads they run at the same time and their order is not kept.
         * Default: one thread a session, in order.
         *
         * @param executor must not run tasks on the calling thread, which is the one that reads
         * @return this
         */
        public Builder handlerExecutor(Executor executor) {
            handlerExecutor = Optional.of(executor);
            return this;
        }

        /**
         * Sets where dependents of futures and observers run. Default: one thread a session, in order.
         *
         * @param executor must not run tasks on the calling thread, which is the one that reads
         * @return this
         */
        public Builder callbackExecutor(Executor executor) {
            callbackExecutor = Optional.of(executor);
            return this;
        }

        /**
         * Lets the thread of a blocking call, {@code call} or {@code flush}, look for its answer by itself for up to 200
         * microseconds before it sleeps: round trips get several times faster across cores, for CPU that is spent on waiting.
         * In return what the other side sends unasked may be seen 1 ms later. Changes nothing where the channel can't say what has
         * arrived: {@link IpcChannel#availableBytes}. Default: off.
         *
         * @return this
         */
        public Builder lowLatency() {
            isLowLatency = true;
            return this;
        }

        Builder scheduler(Scheduler timer) {
            scheduler = timer;
            return this;
        }

        /**
         * Makes the peer.
         *
         * @return a new peer without sessions
         * @throws IllegalArgumentException if something is out of range or contradicts something else; the text says what
         */
        public IpcPeer build() {
            return new IpcPeer(new PeerSettings(
                    TypeRegistry.of(messages),
                    serializers,
                    requestIds,
                    limits,
                    whenFull,
                    new PeerSettings.Times(deadline, startLimit, closeLimit, orphanGrace, stallLimit),
                    handlerExecutor,
                    callbackExecutor,
                    isLowLatency,
                    scheduler));
        }
    }
}
