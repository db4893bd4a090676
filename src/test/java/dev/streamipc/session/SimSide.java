package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.ExitReport;
import dev.streamipc.process.ChildProcess;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One of the two programs: a session of the library's own classes, with simulated time, threads, channel and process. */
final class SimSide implements OtherEnd, Surroundings, Scheduler, IpcChannel {

    private static final long EXIT_SEEN_NANOS = 30_000_000;
    /** All cancels, pings and refusals of a run, and the opening frames. */
    private static final int CONTROL_BYTES = 32_000;

    final SimWorld world;
    final String name;
    boolean pumps;
    private final boolean saidPump;
    private final Role role;
    private final long clockOffsetNanos;
    private @Nullable SimSide other;
    private @Nullable SimLink in;
    private @Nullable SimLink out;
    private @Nullable SimDrive drive;
    private @Nullable SimWriter writer;
    private @Nullable IpcSession session;
    private @Nullable Conversation conversation;
    private boolean dead;
    private boolean over;
    private boolean closed;
    private boolean closedByProgram;
    private boolean stalled;
    private long closedNanos = Long.MAX_VALUE;
    private long overNanos = Long.MAX_VALUE;
    private long handlesSinceNanos = Long.MAX_VALUE;
    private @Nullable Limits limits;
    private long diedNanos = Long.MAX_VALUE;
    private long stalledUntilNanos;

    SimSide(SimWorld world, Role role) {
        this.world = world;
        this.role = role;
        this.name = role.name().toLowerCase(java.util.Locale.ROOT);
        this.pumps = world.oneIn(3);
        this.saidPump = pumps;
        // near the wrap of the clock as often as not
        this.clockOffsetNanos = world.oneIn(2) ? Long.MAX_VALUE - 1_000_000 : world.random.nextLong();
    }

    /** Handlers that stream send nothing that they would have to wait for. */
    @Override
    public @Nullable StreamThreads streamThreads(String sessionName) {
        return null;
    }

    /** Connects the side; then {@link #open} may be called. */
    void connect(SimSide far, SimLink reads, SimLink writes) {
        other = far;
        in = reads;
        out = writes;
    }

    void open(UnaryOperator<IpcPeer.Builder> setup) {
        Executor callbacks = task -> world.later(this, world.anyNanos(100_000), "callback", task);
        PeerSettings settings = setup.apply(IpcPeer.builder().scheduler(this).callbackExecutor(callbacks))
                .build()
                .settings;
        limits = settings.limits();
        Facts facts = new Facts(name, role, this, Admission.FREE, settings, this);
        conversation = new Conversation(facts, orderly -> {
            over = true;
            overNanos = world.nowNanos();
        });
        session = new IpcSession(facts, conversation);
        conversation.open();
        if (role == Role.PARENT) {
            drive.startReader();
        }
    }

    /** The bounds hold, whatever happens: a frame more than the limit, and control frames beside it. */
    void checkBounds() {
        if (conversation == null || dead) {
            return;
        }
        long queuedBytes = conversation.out.outbox.progress().queuedBytes();
        boolean holds = queuedBytes <= limits.maxOutboundBytes() + world.largestFrameBytes + CONTROL_BYTES
                && conversation.out.pending.size() <= limits.maxCalls()
                && conversation.in.queue.size() <= limits.maxInboundItems();
        if (!holds) {
            throw new AssertionError("a bound is passed: side=" + name + ", queuedBytes=" + queuedBytes + ", pending="
                    + conversation.out.pending.size() + ", queued=" + conversation.in.queue.size() + ", limits="
                    + limits);
        }
    }

    /** The program closes its session. */
    void closeSession() {
        if (!closedByProgram) {
            closedByProgram = true;
            closedNanos = world.nowNanos();
        }
        session.close();
    }

    /** The program registers its handlers. What was asked before may have found none. */
    void handles() {
        handlesSinceNanos = world.nowNanos();
    }

    long handlesSinceNanos() {
        return handlesSinceNanos;
    }

    boolean isClosedByProgram() {
        return closedByProgram;
    }

    /** Returns whether no notification that was taken before the hello can have been too large behind it. */
    boolean hasMuchRoom() {
        return limits.maxOutboundBytes() >= 1 << 20;
    }

    long notesDecoded() {
        return conversation.stats().in().notifications();
    }

    SimSide other() {
        return other;
    }

    IpcSession session() {
        return session;
    }

    Conversation conversation() {
        return conversation;
    }

    SimLink in() {
        return in;
    }

    SimLink out() {
        return out;
    }

    void readable() {
        if (!dead && drive != null) {
            drive.readable();
        }
    }

    /** Returns whether a thread that is told to write at once may have to wait: only for a side that has a reader. */
    boolean mayBlock() {
        return !other.saidPump || out.isTight();
    }

    boolean isDead() {
        return dead;
    }

    boolean isOver() {
        return over;
    }

    /** Returns how long it took from the first close of the program until all was released; a stall of its own aside. */
    long closeTookNanos() {
        return closedByProgram && over && !stalled ? overNanos - closedNanos : 0;
    }

    /** Returns when all was released. */
    long overNanos() {
        return overNanos;
    }

    long diedNanos() {
        return diedNanos;
    }

    long stalledUntilNanos() {
        return stalledUntilNanos;
    }

    /** Nothing of this side happens for a while. */
    void stall(long nanos) {
        world.trace(this, "stall");
        stalled = true;
        stalledUntilNanos = Math.max(stalledUntilNanos, world.nowNanos() + nanos);
    }

    /** Like kill -9: nothing of this side happens any more, and what it had written still arrives. */
    void die() {
        if (dead) {
            return;
        }
        world.trace(this, "die");
        dead = true;
        diedNanos = world.nowNanos();
        in.readerGone();
        out.writerGone();
        if (role == Role.CHILD) {
            other.childExited();
        }
    }

    private void childExited() {
        world.later(this, world.anyNanos(EXIT_SEEN_NANOS), "exit seen", () -> onExit.forEach(Runnable::run));
    }

    private final List<Runnable> onExit = new java.util.ArrayList<>();

    // what is at the far end

    @Override
    public IpcChannel channel() {
        return this;
    }

    @Override
    public Optional<ChildProcess> process() {
        return Optional.empty();
    }

    @Override
    public boolean hasProcess() {
        return role == Role.PARENT;
    }

    @Override
    public void whenExited(Runnable task) {
        onExit.add(task);
    }

    @Override
    public void ready() {
        world.trace(this, "ready");
    }

    @Override
    public void inputEnded() {
        if (role == Role.CHILD) {
            world.later(this, Duration.ofSeconds(1).toNanos(), "orphan", this::die);
        }
    }

    @Override
    public void parted() {
        world.trace(this, "parted");
    }

    @Override
    public ExitReport report(long messagesServed, int callsInFlight) {
        return new ExitReport(
                1,
                OptionalInt.of(137),
                Optional.of("KILL"),
                "",
                Duration.ZERO,
                messagesServed,
                callsInFlight,
                Optional.empty(),
                List.of());
    }

    @Override
    public void release(Duration drain) {
        close();
        if (role == Role.PARENT) {
            world.later(null, drain.toNanos(), "kill", () -> other.die());
        }
    }

    // what is around

    @Override
    public Writer writer(String sessionName, Outbox outbox, IpcChannel channel, WriterHooks hooks) {
        SimWriter made = new SimWriter(this, outbox, hooks);
        writer = made;
        out.onRoom(made::goOn);
        return made;
    }

    @Override
    public Drive drive(String sessionName, Drive.Parts parts, @Nullable Executor handlers, Drive.Hooks hooks) {
        drive = new SimDrive(this, parts, hooks);
        return drive;
    }

    @Override
    public Executor spare() {
        return task -> world.later(this, 0, "spare", task);
    }

    @Override
    public Executor lane(String sessionName) {
        return task -> world.later(this, world.anyNanos(500_000), "decode", task);
    }

    @Override
    public void run(String threadName, Runnable body) {
        world.later(this, world.anyNanos(500_000), threadName, body);
    }

    @Override
    public int salt() {
        return world.random.nextInt() | 1;
    }

    // time

    @Override
    public long nanoTime() {
        return world.nowNanos() + clockOffsetNanos;
    }

    @Override
    public Due schedule(Runnable task, long delayNanos) {
        return world.later(this, delayNanos + world.anyNanos(100_000), "timer", task);
    }

    // the channel

    @Override
    public int read(ByteBuffer room) throws java.io.IOException {
        return in.read(room);
    }

    @Override
    public void write(ByteBuffer bytes) {
        throw new UnsupportedOperationException("a simulated side writes through its writer");
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            in.readerGone();
            out.writerGone();
        }
    }

    @Override
    public int capacityBytes() {
        return 4_096;
    }

    @Override
    public boolean mayCarryJunk() {
        return true;
    }
}
