package dev.streamipc.process;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.UnixListener;
import dev.streamipc.message.CallInFlight;
import dev.streamipc.message.ExitReport;
import dev.streamipc.message.StartFailed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child process that runs, or has run: its channel, its stderr, its end. Safe for all threads.
 *
 * <p>Its stderr is drained from the start to the end, each line logged at INFO to {@code dev.streamipc.child.<name>}; a
 * line over 4 KiB is cut. The last 100 lines are kept for the report.
 *
 * <p>If exactly one call to the child is in flight while a line is read, the log names it, as {@code call=<id>
 * type=<type>} and in the MDC as {@code streamipc.call} and {@code streamipc.type}. With several calls in flight, or
 * none, a line names only the child. A line is read a moment after it was written: one that was written just before an
 * answer may stand without its call, or with the next one.
 */
public final class ChildProcess {

    /** How long {@link #stop} takes at most, on top of its drain. */
    public static final Duration MAX_STOP = Duration.ofSeconds(4);

    private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);
    private static final Duration LAST_LINES_GRACE = Duration.ofMillis(20);
    private static final Duration RELEASE_GRACE = Duration.ofMillis(100);

    private record Terms(
            String name, boolean owned, @Nullable Duration startLimit, Runnable onReady) {}

    private final Process process;
    private final Terms terms;
    private final ExitAnalysis analysis;
    private final IpcChannel channel;
    private final Optional<UnixListener> gate;
    private final StderrPump stderr;
    private final ExitWatch watch;
    private final ProcessTree tree;
    private final AtomicBoolean released = new AtomicBoolean();
    // written by whoever stops; the last signal wins, and any is better than none
    private volatile String ownSignal = "";
    // written by the session, once, when there is one
    private volatile Supplier<Optional<CallInFlight>> onlyCall = Optional::empty;

    private ChildProcess(Process process, Terms terms, ExitAnalysis analysis, ChildLink link) {
        this.process = process;
        this.terms = terms;
        this.analysis = analysis;
        this.channel = link.to(process);
        this.gate = link.gate();
        this.stderr = new StderrPump(
                process.getErrorStream(), new StderrLog(terms.name, analysis.pid(), () -> onlyCall.get()));
        this.watch = new ExitWatch(process);
        this.tree = new ProcessTree(process, watch.exited());
    }

    /**
     * Starts a child. Blocks while it looks for an interpreter (once), while as many starts as there are processors are
     * under way (at most 30 s), and for the fork, some milliseconds; not until the child is ready.
     *
     * @param child what to run
     * @return the running child, owned
     * @throws StartFailed if it can't be started: what was tried and why it failed
     */
    public static ChildProcess start(Child child) {
        return start(child, ProcessBuilder::start);
    }

    /**
     * Starts a child in a way of the caller's own. Blocks as {@link #start(Child)} does.
     *
     * @param child what to run
     * @param launch runs on this thread, once
     * @return the running child, owned
     * @throws StartFailed if it can't be started: what was tried and why it failed
     */
    public static ChildProcess start(Child child, Launch launch) {
        Child.Spec spec = child.spec();
        Instant started = Instant.now();
        OptionalLong oomKills = OutOfMemoryKills.count();
        ChildLink link = ChildLink.open(spec.channel());
        Spawner.Spawned spawned = spawn(spec, launch, link);
        Process process = spawned.process();
        ExitAnalysis analysis =
                new ExitAnalysis(pid(process), spawned.command(), spawned.directory(), started, oomKills);
        try {
            spawned.attend();
            Terms terms = new Terms(spec.name(), true, spec.startLimit(), spawned::settle);
            return begun(new ChildProcess(process, terms, analysis, link));
        } catch (RuntimeException | Error e) {
            // No thread to be had, say: nobody would own the process.
            process.destroyForcibly();
            spawned.settle();
            link.abandon();
            throw e;
        }
    }

    private static Spawner.Spawned spawn(Child.Spec spec, Launch launch, ChildLink link) {
        try {
            return FlightNotes.spawn(spec.name(), () -> Spawner.spawn(spec, launch), ChildProcess::pid);
        } catch (RuntimeException | Error e) {
            link.abandon();
            throw e;
        }
    }

    /**
     * Takes over a process that the caller has started, its stderr included if that is a pipe. Does not block. Its
     * uptime counts from here.
     *
     * @param process a running process; from now on nobody else may read from it or write to it
     * @param name for its threads, its logger and its errors
     * @param owned whether {@link #stop} may end it
     * @return the child
     */
    public static ChildProcess adopt(Process process, String name, boolean owned) {
        Optional<ProcessHandle.Info> info = info(process);
        List<String> command = new ArrayList<>();
        info.flatMap(ProcessHandle.Info::command).ifPresent(command::add);
        info.flatMap(ProcessHandle.Info::arguments).ifPresent(words -> command.addAll(List.of(words)));
        Path directory = Path.of("").toAbsolutePath();
        Instant started = info.flatMap(ProcessHandle.Info::startInstant).orElse(Instant.EPOCH);
        ExitAnalysis analysis = new ExitAnalysis(pid(process), command, directory, started, OutOfMemoryKills.count());
        return begun(new ChildProcess(process, new Terms(name, owned, null, () -> {}), analysis, ChildLink.STDIO));
    }

    private static ChildProcess begun(ChildProcess child) {
        child.stderr.start("streamipc-stderr-" + child.terms.name);
        if (child.gate.isPresent()) {
            child.logStdout();
        }
        child.watch.start(child.terms.name, child.terms.onReady);
        child.watch.exited().thenRun(child::recordExit);
        LOG.debug("child started, name={}, pid={}", child.terms.name, child.analysis.pid());
        return child;
    }

    /** Nothing of the protocol is in it. */
    private void logStdout() {
        StderrLog log = new StderrLog(terms.name, analysis.pid(), () -> onlyCall.get());
        new StderrPump(process.getInputStream(), log).start("streamipc-stdout-" + terms.name);
    }

    private void recordExit() {
        FlightNotes.exited(
                terms.name, analysis.pid(), process.exitValue(), watch.uptime().toNanos());
    }

    /**
     * Returns what carries the bytes to the child and back: its stdin and stdout, or the socket that it connects to.
     *
     * @return always the same channel
     */
    public IpcChannel channel() {
        return channel;
    }

    /**
     * Returns who decides about the token that the child has to show.
     *
     * @return empty over stdio
     */
    public Optional<UnixListener> gate() {
        return gate;
    }

    /**
     * Returns the process itself. Its streams belong to this class and to the channel.
     *
     * @return the process
     */
    public Process process() {
        return process;
    }

    /**
     * Returns the name of the child.
     *
     * @return as given, or made from what it runs
     */
    public String name() {
        return terms.name;
    }

    /**
     * Returns the words that the process was started with.
     *
     * @return the words; of an adopted process as far as the system tells, perhaps none
     */
    public List<String> command() {
        return analysis.command();
    }

    /**
     * Returns whether {@link #stop} ends the process.
     *
     * @return true for a child that was started here
     */
    public boolean owned() {
        return terms.owned;
    }

    /**
     * Returns how long the child may take until it is ready.
     *
     * @return what {@link Child#startLimit} says; empty if that is left to the caller
     */
    public Optional<Duration> startLimit() {
        return Optional.ofNullable(terms.startLimit);
    }

    /**
     * Says where to ask which call the child works on. Does not block.
     *
     * @param only the one call in flight; empty if there is none, or more than one. Called for each line on stderr, on a
     *     thread that only this child has, and for the report; must not block
     */
    public void nameCalls(Supplier<Optional<CallInFlight>> only) {
        onlyCall = only;
    }

    /**
     * Returns a future of the end of the process, within a millisecond or so. Neither the end of its stdout nor that of
     * its own children is meant.
     *
     * @return completes on a thread that only this child has; the caller's own copy
     */
    public CompletableFuture<Void> exited() {
        return watch.exited().copy();
    }

    /**
     * Says how the process ended. Waits for its last lines on stderr, at most 20 ms. Of a process that lives, the
     * report has no exit code. If one call is open, the report names it.
     *
     * @param messagesServed how many requests it had answered
     * @param callsInFlight how many calls were open
     * @return the report
     */
    public ExitReport report(long messagesServed, int callsInFlight) {
        boolean ended = watch.exited().isDone();
        if (ended) {
            stderr.awaitEnd(LAST_LINES_GRACE);
        }
        List<String> lastLines = stderr.lastLines();
        OptionalInt code = ended ? OptionalInt.of(process.exitValue()) : OptionalInt.empty();
        return new ExitReport(
                analysis.pid(),
                code,
                ended ? Signals.inferred(code.getAsInt()) : Optional.empty(),
                ended ? analysis.guess(code.getAsInt(), callsInFlight, ownSignal, lastLines) : "",
                watch.uptime(),
                messagesServed,
                callsInFlight,
                callsInFlight == 1 ? onlyCall.get() : Optional.empty(),
                lastLines);
    }

    /**
     * Says that the child has answered: another start may have its place, and files that it needed to start are
     * deleted. Happens by itself when the process ends. Does nothing the second time.
     */
    public void ready() {
        terms.onReady.run();
    }

    /**
     * Ends the process and every descendant that can be found: waits for {@code drain}, closes its stdin and waits 500
     * ms, sends TERM and waits 2 s, sends KILL and waits 1 s; then releases its streams, read or not. Each wait is over
     * as soon as all have ended. A process that is not owned is only waited for, and then let go.
     *
     * <p>Blocks for at most {@code drain} and {@link #MAX_STOP}. Any number of threads may stop at a time; the one in
     * the greatest hurry decides. An interrupt skips to KILL and stays set.
     *
     * @param drain how long the process may take to end by itself; zero for not at all
     * @return whether all have ended
     */
    public boolean stop(Duration drain) {
        Runnable closeStdin = () -> SideThread.run(terms.name, process.getOutputStream());
        boolean ended = terms.owned ? new StopLadder(tree, closeStdin, this::signalled).climb(drain) : awaitExit(drain);
        terms.onReady.run();
        release();
        if (terms.owned && !ended) {
            LOG.warn("child outlives its KILL, name={}, pid={}", terms.name, analysis.pid());
        }
        return ended;
    }

    /** One that has ended by itself is not to blame on a signal for what is left of its tree. */
    private void signalled(String signal) {
        if (!watch.exited().isDone()) {
            ownSignal = signal;
        }
    }

    private boolean awaitExit(Duration drain) {
        try {
            return tree.awaitRoot(drain);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return watch.exited().isDone();
        }
    }

    /** Whoever still holds the other end of a pipe can make its close wait: that is left to a side thread. */
    private void release() {
        if (released.getAndSet(true)) {
            return;
        }
        stderr.awaitEnd(LAST_LINES_GRACE);
        CompletableFuture<Void> closed = SideThread.run(terms.name, () -> {
            channel.close();
            process.getErrorStream().close();
            process.getInputStream().close();
        });
        closed.completeOnTimeout(null, RELEASE_GRACE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** A process class of the user's own may have no number; no process has this one. */
    private static long pid(Process process) {
        try {
            return process.pid();
        } catch (UnsupportedOperationException e) {
            return -1;
        }
    }

    private static Optional<ProcessHandle.Info> info(Process process) {
        try {
            return Optional.of(process.info());
        } catch (UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
