package dev.streamipc.dispatch;

import dev.streamipc.supervise.Backoff;
import dev.streamipc.supervise.ChildSpec;
import dev.streamipc.supervise.Supervised;
import dev.streamipc.supervise.SupervisionEvent;
import dev.streamipc.supervise.Supervisor;
import dev.streamipc.supervise.SupervisorSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The supervision of a pool: a supervisor with one below it for each worker, which starts that worker again with a backoff. One that has had to
 * do so too often ends, and the one above starts it again after a pause. For all threads.
 */
final class Crew implements Hands.Workers {

    /** Ample: what starts, runs and stops a worker has limits of its own. */
    private static final Duration AMPLE = Duration.ofHours(1);

    /** Of starts that fail while somebody waits for the first: there is nothing yet that a rest would spare. */
    private static final Duration FIRST_AT_OPENING = Duration.ofMillis(10);

    private static final Duration MOST_AT_OPENING = Duration.ofMillis(50);

    private final PoolSettings settings;
    private final WorkerKind kind;
    private final Supervisor root;
    private final Set<Slot> present = new HashSet<>();
    private final Set<Slot> removedEarly = new HashSet<>();
    private volatile boolean hasOpened;

    /** Makes the lives of workers. */
    @FunctionalInterface
    interface WorkerKind {

        /** Returns a new life. */
        Supervised life(Slot slot, PoolReports pool);
    }

    Crew(PoolSettings settings, WorkerKind kind) {
        this.settings = settings;
        this.kind = kind;
        Duration pause = settings.restarts().pause();
        root = Supervisor.of(SupervisorSpec.builder(settings.name())
                .intensity(Integer.MAX_VALUE, Duration.ofSeconds(1))
                .backoff(new Backoff(pause, pause.multipliedBy(8), 0.1, pause.multipliedBy(8)))
                .build());
    }

    void start(PoolReports pool) {
        root.observe(event -> {
            if (event instanceof SupervisionEvent.Failed failed && !isOfLife(failed.path())) {
                pool.tripped(failed.path().substring(failed.path().lastIndexOf('/') + 1), failed.failure());
            }
        });
        root.start().join();
    }

    private static boolean isOfLife(String path) {
        return path.indexOf('/') != path.lastIndexOf('/');
    }

    @Override
    public synchronized void add(Slot slot, PoolReports pool) {
        if (removedEarly.remove(slot)) {
            pool.removed(slot);
            return;
        }
        present.add(slot);
        ChildSpec life = ChildSpec.builder("life", () -> kind.life(slot, pool))
                .startLimit(AMPLE)
                .stopLimit(AMPLE)
                .backoff(this::backoff)
                .build();
        PoolSettings.Restarts restarts = settings.restarts();
        SupervisorSpec spec = SupervisorSpec.builder(slot.name)
                .intensity(restarts.intensity(), restarts.period())
                .child(life)
                .build();
        root.add(Supervisor.asChild(spec).build());
    }

    /** The least number of workers has been ready: from now on starts that fail are given time. */
    void opened() {
        hasOpened = true;
    }

    private Backoff backoff() {
        Backoff wanted = settings.restarts().backoff();
        return hasOpened
                ? wanted
                : new Backoff(
                        least(wanted.first(), FIRST_AT_OPENING),
                        least(wanted.max(), MOST_AT_OPENING),
                        wanted.jitter(),
                        wanted.resetAfter());
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public synchronized void remove(Slot slot, PoolReports pool) {
        if (!present.remove(slot)) {
            removedEarly.add(slot);
            return;
        }
        root.remove(slot.name).whenComplete((nothing, failure) -> pool.removed(slot));
    }

    /** Ends all workers; the future ends when they have. */
    CompletableFuture<Void> stop() {
        return root.stop();
    }
}
