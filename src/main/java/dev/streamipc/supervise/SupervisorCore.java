package dev.streamipc.supervise;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.supervise.Turn.Step;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Brings what happens to the rules of one supervisor, one event at a time, and does what they say. Has no thread: whoever
 * brings an event and finds nobody at work does the work. Code of users is handed to the executor. For all threads.
 */
final class SupervisorCore {

    /** Something supervised that has children itself. */
    interface Branch extends Supervised {

        List<Snapshot> children();
    }

    final Observing observing;

    private final Surroundings around;
    private final Supervised.Life own;
    private final SupervisionRules rules;
    private final Queue<SupervisorInput> inputs = new ConcurrentLinkedQueue<>();
    private final AtomicInteger atWork = new AtomicInteger();
    private final Map<Long, Incarnation> lives = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Void>> tickets = new ConcurrentHashMap<>();
    private final AtomicLong ticketNumbers = new AtomicLong();

    // written by whoever is at work
    private volatile SupervisionState state;
    private @Nullable Long armedForNanos;
    private Scheduler.Due timer = () -> {};

    /**
     * Makes a core that has not started.
     *
     * @param own told how the supervisor itself starts and ends, by whoever is at work
     */
    SupervisorCore(SupervisorSpec spec, Surroundings around, Supervised.Life own) {
        this.around = around;
        this.own = own;
        rules = new SupervisionRules(spec, around.seed());
        observing = new Observing(around.executor());
        state = SupervisionState.of(spec);
    }

    String path() {
        return around.path();
    }

    /** Returns a future that ends when what the input asks for has come to be, or can't. */
    CompletableFuture<Void> ask(Function<Long, SupervisorInput> input) {
        long ticket = ticketNumbers.incrementAndGet();
        CompletableFuture<Void> answer = new CompletableFuture<>();
        tickets.put(ticket, answer);
        take(input.apply(ticket));
        return answer;
    }

    void take(SupervisorInput input) {
        inputs.add(input);
        if (atWork.getAndIncrement() == 0) {
            work();
        }
    }

    /** Returns the supervisor and its children, all of one moment. */
    Snapshot snapshot(String name) {
        SupervisionState now = state;
        return new Snapshot(name, now.publicState(), 0, now.cause(), children(now));
    }

    List<Snapshot> children() {
        return children(state);
    }

    private List<Snapshot> children(SupervisionState now) {
        return now.children().stream().map(this::snapshot).toList();
    }

    /** Returns what lives under a name; null if nothing does. */
    @Nullable
    Supervised living(String name) {
        return state.children().stream()
                .filter(child -> child.name().equals(name))
                .findFirst()
                .map(this::thing)
                .orElse(null);
    }

    private @Nullable Supervised thing(ChildEntry child) {
        Incarnation life = lives.get(child.phase().life());
        return life == null ? null : life.thing();
    }

    private Snapshot snapshot(ChildEntry child) {
        List<Snapshot> below = thing(child) instanceof Branch branch ? branch.children() : List.of();
        ChildEntry.History history = child.history();
        return new Snapshot(child.name(), child.phase().state(), history.restarts(), history.lastFailure(), below);
    }

    private void work() {
        do {
            SupervisorInput input = inputs.poll();
            if (input != null) {
                guarded(input, () -> work(input));
            }
        } while (atWork.decrementAndGet() > 0);
    }

    private void work(SupervisorInput input) {
        if (input instanceof SupervisorInput.TimeUp) {
            armedForNanos = null;
        }
        Step step = rules.step(state, input, path(), around.scheduler().nanoTime());
        state = step.next();
        step.outputs().forEach(output -> guarded(output, () -> put(output)));
        if (input instanceof SupervisorInput.LifeFailing failing) {
            Incarnation judged = lives.get(failing.life());
            if (judged != null) {
                judged.judged();
            }
        }
        guarded(input, this::arm);
    }

    /** One thing that can't be done, for lack of threads say, does not keep back the rest. */
    void guarded(Object what, Runnable deed) {
        try {
            deed.run();
        } catch (RuntimeException | Error failure) {
            SupervisionLog.trouble(path(), what, failure);
        }
    }

    private void put(SupervisorOutput output) {
        if (output instanceof SupervisorOutput.StartLife start) {
            startLife(start.life(), start.spec());
        } else if (output instanceof SupervisorOutput.StopLife stop) {
            Objects.requireNonNull(lives.get(stop.life())).stop();
        } else if (output instanceof SupervisorOutput.KillLife kill) {
            Objects.requireNonNull(lives.get(kill.life())).kill();
        } else if (output instanceof SupervisorOutput.ForgetLife forget) {
            lives.remove(forget.life());
        } else if (output instanceof SupervisorOutput.Tell tell) {
            tell(tell.event());
        } else if (output instanceof SupervisorOutput.Answer answer) {
            answer(answer.ticket(), answer.failure());
        } else if (output instanceof SupervisorOutput.HasStarted) {
            own.started();
        } else if (output instanceof SupervisorOutput.HasEnded ended) {
            own.ended(ended.failure());
        }
    }

    private void startLife(long life, ChildSpec child) {
        Incarnation incarnation =
                new Incarnation(life, child, around.below(child.name(), life, this::relay), this::take);
        lives.put(life, incarnation);
        incarnation.start();
    }

    /** Logs an event, and tells those who observe this supervisor or one above. */
    void tell(SupervisionEvent event) {
        guarded(event, () -> SupervisionLog.write(event));
        relay(event);
    }

    private void relay(SupervisionEvent event) {
        observing.tell(event);
        around.above().accept(event);
    }

    private void answer(long ticket, @Nullable Exception failure) {
        CompletableFuture<Void> future = Objects.requireNonNull(tickets.remove(ticket));
        around.executor().runSurely("answer", () -> {
            if (failure == null) {
                future.complete(null);
            } else {
                future.completeExceptionally(failure);
            }
        });
    }

    private void arm() {
        Long dueNanos = state.nextDueNanos();
        if (!Objects.equals(dueNanos, armedForNanos)) {
            timer.cancel();
            armedForNanos = null;
            if (dueNanos != null) {
                // what was put may have taken its time
                long delayNanos = Math.max(0, dueNanos - around.scheduler().nanoTime());
                timer = around.scheduler().schedule(() -> take(new SupervisorInput.TimeUp()), delayNanos);
                armedForNanos = dueNanos;
            }
        }
    }
}
