package dev.streamipc.session;

import dev.streamipc.process.OrphanWatch;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.TypeRegistry;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Makes an {@link IpcPeer}. Used by one thread. */
public final class IpcPeerBuilder {

    /** 30 seconds. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(30);
    /** 30 seconds. */
    public static final Duration DEFAULT_START_LIMIT = Duration.ofSeconds(30);
    /** 5 seconds. */
    public static final Duration DEFAULT_CLOSE_LIMIT = Duration.ofSeconds(5);

    private final List<Class<?>> messages = new ArrayList<>();
    private List<MessageSerializer> serializers =
            List.of(new KryoMessageSerializer(), new JsonMessageSerializer());
    private Supplier<RequestIdGenerator> requestIds = RequestIdGenerator::counter;
    private Limits limits = Limits.DEFAULT;
    private Duration deadline = DEFAULT_DEADLINE;
    private Duration startLimit = DEFAULT_START_LIMIT;
    private Duration closeLimit = DEFAULT_CLOSE_LIMIT;
    private Duration orphanGrace = OrphanWatch.DEFAULT_GRACE;
    private Optional<Executor> handlerExecutor = Optional.empty();
    private Optional<Executor> callbackExecutor = Optional.empty();
    private Scheduler scheduler = Scheduler.ofThisJvm();

    IpcPeerBuilder() {}

    /**
     * Registers message types: records, or sealed interfaces of records. The answers of requests and the records and enums
     * inside them come with them; {@code LogMessage} is always there.
     *
     * @param types classes of this side
     * @return this
     */
    public IpcPeerBuilder messages(Class<?>... types) {
        messages.addAll(Arrays.asList(types));
        return this;
    }

    /**
     * Sets the serializers, in order of preference; the parent's order decides. Default: Kryo, then JSON.
     *
     * @param inOrder at least one, names distinct
     * @return this
     */
    public IpcPeerBuilder serializers(MessageSerializer... inOrder) {
        serializers = List.of(inOrder);
        return this;
    }

    /**
     * Sets how requests are numbered, for example {@code RequestIdGenerator::random}. Default: a counter.
     *
     * @param perSession makes one generator for each session
     * @return this
     */
    public IpcPeerBuilder requestIds(Supplier<RequestIdGenerator> perSession) {
        requestIds = perSession;
        return this;
    }

    /**
     * Sets the bounds of each session. Default: {@link Limits#DEFAULT}.
     *
     * @param bounds the bounds
     * @return this
     */
    public IpcPeerBuilder limits(Limits bounds) {
        limits = bounds;
        return this;
    }

    /**
     * Sets the deadline of calls that name none. Default: {@link #DEFAULT_DEADLINE}.
     *
     * @param limit more than zero, at most {@link CallOptions#MAX_DEADLINE}
     * @return this
     */
    public IpcPeerBuilder deadline(Duration limit) {
        deadline = limit;
        return this;
    }

    /**
     * Sets how long HELLO, and a child's READY, may take. Default: {@link #DEFAULT_START_LIMIT}.
     *
     * @param limit more than zero, at most a day
     * @return this
     */
    public IpcPeerBuilder startLimit(Duration limit) {
        startLimit = limit;
        return this;
    }

    /**
     * Sets how long the orderly end of a session may take before force is used. Default: {@link #DEFAULT_CLOSE_LIMIT}.
     *
     * @param limit more than zero, at most a day
     * @return this
     */
    public IpcPeerBuilder closeLimit(Duration limit) {
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
    public IpcPeerBuilder orphanGrace(Duration grace) {
        orphanGrace = grace;
        return this;
    }

    /**
     * Sets where handlers run. With an executor of several threads they run at the same time and their order is not kept.
     * Default: one thread a session, in order.
     *
     * @param executor must not run tasks on the calling thread, which is the one that reads
     * @return this
     */
    public IpcPeerBuilder handlerExecutor(Executor executor) {
        handlerExecutor = Optional.of(executor);
        return this;
    }

    /**
     * Sets where dependents of futures and observers run. Default: one thread a session, in order.
     *
     * @param executor must not run tasks on the calling thread, which is the one that reads
     * @return this
     */
    public IpcPeerBuilder callbackExecutor(Executor executor) {
        callbackExecutor = Optional.of(executor);
        return this;
    }

    IpcPeerBuilder scheduler(Scheduler timer) {
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
        check("deadline", deadline);
        check("startLimit", startLimit);
        check("closeLimit", closeLimit);
        check("orphanGrace", orphanGrace);
        checkSerializers();
        return new IpcPeer(new PeerSettings(
                TypeRegistry.of(messages),
                serializers,
                requestIds,
                limits,
                new PeerSettings.Times(deadline, startLimit, closeLimit, orphanGrace),
                handlerExecutor,
                callbackExecutor,
                scheduler));
    }

    private static void check(String name, Duration limit) {
        if (limit.isNegative() || limit.isZero() || limit.compareTo(CallOptions.MAX_DEADLINE) > 0) {
            throw new IllegalArgumentException("duration out of range: " + name + "Ms=" + limit.toMillis()
                    + "; give more than zero and at most a day");
        }
    }

    private void checkSerializers() {
        List<String> names = serializers.stream().map(MessageSerializer::name).toList();
        if (names.isEmpty() || names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException(
                    "serializers must be one or more with distinct names: serializers=" + names);
        }
    }
}
