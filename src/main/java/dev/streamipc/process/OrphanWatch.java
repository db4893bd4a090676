package dev.streamipc.process;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends this process when its parent is gone, whatever its threads are doing: no child stays behind as an orphan.
 *
 * <p>Two signs count: the parent process is no longer our parent, which a daemon thread looks at every 0.5 s, and the
 * end of our input, which the session reports. Either one calls {@code onOrphaned} on a daemon thread of its own; when
 * the grace is over the JVM is halted with {@link #HALT_STATUS}, without shutdown hooks, and no thread can hold it.
 * With the default grace no child is alive 3 s after its parent's death, which leaves 1.5 s to a loaded machine.
 *
 * <p>A parent that this process can't see, as across containers, leaves the end of the input as the only sign. A
 * stopped process ends when it is continued. All methods return at once and may come from any thread.
 */
public final class OrphanWatch {

    /** How long an orphan has for its own end: 1 s. */
    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(1);

    /** The exit status of a process that was halted as an orphan: EX_UNAVAILABLE of {@code sysexits.h}. */
    public static final int HALT_STATUS = 69;

    private static final long LOOK_NANOS = MILLISECONDS.toNanos(500);
    private static final AtomicInteger IDS = new AtomicInteger();
    private static final Logger LOG = LoggerFactory.getLogger(OrphanWatch.class);

    private final Object lock = new Object();
    private final OrphanRules rules; // guarded by lock
    private final Runnable onOrphaned;
    private final Runnable halt;
    private final int id = IDS.incrementAndGet();
    private final Thread thread;

    private OrphanWatch(Duration grace, Runnable onOrphaned, BooleanSupplier parentGone, Runnable halt) {
        this.rules = new OrphanRules(grace.toNanos());
        this.onOrphaned = Objects.requireNonNull(onOrphaned, "onOrphaned");
        this.halt = halt;
        this.thread = new Thread(() -> watch(parentGone), "streamipc-orphan-watch-" + id);
        this.thread.setDaemon(true);
    }

    /**
     * Starts to watch the process that is our parent now.
     *
     * @param grace from the first sign to the halt; zero halts at once; not negative
     * @param onOrphaned called at most once, at the first sign; what it throws is logged, and it delays nothing
     * @return the running watch
     * @throws IllegalArgumentException if {@code grace} is negative
     */
    public static OrphanWatch start(Duration grace, Runnable onOrphaned) {
        return start(
                grace, onOrphaned, new ParentLook(), () -> Runtime.getRuntime().halt(HALT_STATUS));
    }

    static OrphanWatch start(Duration grace, Runnable onOrphaned, BooleanSupplier parentGone, Runnable halt) {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace is negative: grace=" + grace);
        }
        OrphanWatch watch = new OrphanWatch(grace, onOrphaned, parentGone, halt);
        watch.thread.start();
        return watch;
    }

    /** Reports that the parent's bytes have come to their end. A sign, unless {@link #disarm()} came before. */
    public void inputEnded() {
        synchronized (lock) {
            rules.inputEnded(System.nanoTime());
        }
        LockSupport.unpark(thread);
    }

    /**
     * Reports that both sides have parted in order, so that the end of the input means nothing: not from now on, and
     * not if its grace is already running. The parent's death still ends this process, as it can't be needed any more.
     */
    public void disarm() {
        synchronized (lock) {
            rules.disarm();
        }
    }

    private void watch(BooleanSupplier parentGone) {
        long idleNanos = 0;
        while (idleNanos >= 0) {
            LockSupport.parkNanos(this, idleNanos);
            // a pending interrupt would make every later park return at once
            Thread.interrupted();
            idleNanos = step(isGone(parentGone));
        }
        // no log line before this: stderr may be a full pipe that nobody reads
        halt.run();
    }

    /** Returns how long to wait for the next step, or -1 when it is time to halt. */
    private long step(boolean parentGone) {
        boolean tell;
        long idleNanos;
        synchronized (lock) {
            long now = System.nanoTime();
            if (parentGone) {
                rules.parentExited(now);
            }
            tell = rules.mustTell();
            idleNanos = rules.mustHalt(now) ? -1 : rules.idleNanos(now, LOOK_NANOS);
        }
        if (tell) {
            tell();
        }
        return idleNanos;
    }

    private static boolean isGone(BooleanSupplier parentGone) {
        try {
            return parentGone.getAsBoolean();
        } catch (OutOfMemoryError e) {
            // this thread has to survive a full heap: it looks again
            return false;
        }
    }

    private void tell() {
        Thread teller = new Thread(this::callOwner, "streamipc-orphaned-" + id);
        teller.setDaemon(true);
        try {
            teller.start();
        } catch (OutOfMemoryError e) {
            // no thread to be had; the halt is what counts, and it stays
        }
    }

    private void callOwner() {
        try {
            onOrphaned.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("orphan's own clean-up failed", e);
        }
        LOG.warn("this process has lost its parent and halts soon: status={}", HALT_STATUS);
    }
}
