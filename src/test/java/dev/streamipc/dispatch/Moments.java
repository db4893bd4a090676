package dev.streamipc.dispatch;

import dev.streamipc.dispatch.Rig.Puppet;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A pool of one worker that is replaced now and then, and what can befall it; one thread, no time passes. */
final class Moments {

    private static final Workbench.Echoed ANSWER = new Workbench.Echoed("x", 1);
    private static final int TASKS = 3;
    private static final int ROUNDS = 50;
    private static final long LIMIT_BYTES = 1_000;

    /** What can befall the pool. */
    enum Moment {
        CALL,
        CALL_IDEMPOTENT,
        CANCEL,
        BEGIN,
        END,
        SEND,
        GROW,
        READY,
        DIE,
        DIE_BEFORE_ITS_TASKS,
        DIE_AT_START
    }

    private final Rig rig;
    /** All that ever were, since a thread of one that is dead may have something to send yet. */
    private final Set<Puppet> known = new LinkedHashSet<>();

    private final List<Task<?>> tasks = new ArrayList<>();
    private final List<Integer> outcomes = new ArrayList<>();
    /** What the workers have seen. */
    private final Set<Task<?>> begun = new HashSet<>();

    private final Set<Task<?>> beganOnTheDead = new HashSet<>();
    private final Set<Task<?>> ended = new HashSet<>();
    private final Set<Task<?>> twice = new HashSet<>();

    Moments(int prefetch, int maxTasks) {
        PoolSettings plain = Rig.settings(new PoolSettings.Size(1, 1, 0, 0, prefetch));
        rig = new Rig(new PoolSettings(
                        plain.name(),
                        plain.size(),
                        plain.queueing(),
                        plain.times(),
                        new PoolSettings.Recycling(maxTasks, null, LIMIT_BYTES),
                        plain.restarts()))
                .up();
        hold();
    }

    /** From now on the workers' own threads are slow: what they are to send waits for a moment of its own. */
    private void hold() {
        known.addAll(rig.puppets.values());
        known.forEach(puppet -> puppet.later = puppet.later == null ? new ArrayList<>() : puppet.later);
    }

    private Optional<Puppet> oldest() {
        return rig.puppets.values().stream().filter(puppet -> !puppet.isDead).findFirst();
    }

    private Optional<Puppet> whoRuns() {
        return rig.puppets.values().stream()
                .filter(puppet -> !puppet.running.isEmpty())
                .findFirst();
    }

    private Optional<Puppet> whoHasToSend() {
        return known.stream()
                .filter(puppet -> puppet.later != null && !puppet.later.isEmpty())
                .findFirst();
    }

    private Optional<Slot> whoStarts() {
        return rig.wanted.values().stream()
                .filter(slot -> slot.state == WorkerState.STARTING)
                .findFirst();
    }

    private Optional<Task<?>> openTask() {
        return tasks.stream()
                .filter(task -> !task.isDone())
                .<Task<?>>map(task -> task)
                .findFirst();
    }

    Set<Moment> possible() {
        Set<Moment> all = new LinkedHashSet<>();
        if (tasks.size() < TASKS) {
            all.addAll(Set.of(Moment.CALL, Moment.CALL_IDEMPOTENT));
        }
        openTask().ifPresent(task -> all.add(Moment.CANCEL));
        whoRuns().ifPresent(puppet -> all.addAll(Set.of(Moment.BEGIN, Moment.END)));
        whoHasToSend().ifPresent(puppet -> all.add(Moment.SEND));
        whoStarts().ifPresent(slot -> all.addAll(Set.of(Moment.READY, Moment.DIE_AT_START)));
        oldest().ifPresent(puppet -> all.addAll(Set.of(Moment.GROW, Moment.DIE, Moment.DIE_BEFORE_ITS_TASKS)));
        return all;
    }

    void come(Moment moment) {
        switch (moment) {
            case CALL -> call(TaskOptions.DEFAULT.key("home"));
            case CALL_IDEMPOTENT -> call(TaskOptions.DEFAULT.idempotent(2));
            case CANCEL -> openTask().ifPresent(task -> task.cancel(true));
            case BEGIN -> whoRuns().ifPresent(puppet -> begin(puppet, puppet.first()));
            case END -> whoRuns().ifPresent(this::end);
            case SEND -> whoHasToSend().ifPresent(Puppet::sendLater);
            case GROW -> oldest().ifPresent(puppet -> rig.pool.memory(puppet.slot, puppet.slot.life, LIMIT_BYTES + 1));
            case READY -> whoStarts().ifPresent(slot -> rig.ready(slot.name));
            case DIE -> oldest().ifPresent(puppet -> die(puppet, false));
            case DIE_BEFORE_ITS_TASKS -> oldest().ifPresent(puppet -> die(puppet, true));
            case DIE_AT_START ->
                whoStarts().ifPresent(slot -> rig.pool.gone(slot, rig.pool.starting(slot), Rig.died(Phase.QUEUED)));
        }
        hold();
    }

    private void call(TaskOptions options) {
        Task<?> task = rig.call(options);
        int number = tasks.size();
        tasks.add(task);
        outcomes.add(0);
        task.whenComplete((value, failure) -> outcomes.set(number, outcomes.get(number) + 1));
    }

    private void begin(Puppet puppet, Task<?> task) {
        if (!puppet.begun.contains(task)) {
            puppet.begun.add(task);
            if (!begun.add(task) && task.options.attempts() == 1) {
                twice.add(task);
            }
        }
    }

    private void end(Puppet puppet) {
        Task<?> task = puppet.first();
        begin(puppet, task);
        ended.add(task);
        puppet.end(task, ANSWER, null);
    }

    private void die(Puppet puppet, boolean isGoneFirst) {
        beganOnTheDead.addAll(puppet.running.keySet());
        if (isGoneFirst) {
            rig.dieBeforeItsTasks(puppet);
        } else {
            rig.die(puppet);
        }
    }

    /** Lets all go on to its end, and returns what must not be. */
    List<String> lies() {
        for (int round = 0; round < ROUNDS && openTask().isPresent(); round++) {
            whoStarts().ifPresent(slot -> rig.ready(slot.name));
            whoHasToSend().ifPresent(Puppet::sendLater);
            whoRuns().ifPresent(this::end);
            List.copyOf(rig.puppets.values()).forEach(Moments::free);
        }
        List<String> lies = new ArrayList<>();
        for (int number = 0; number < tasks.size(); number++) {
            judge(tasks.get(number), outcomes.get(number), lies);
        }
        check(lies, isIdle(), "the books are open");
        return lies;
    }

    private boolean isIdle() {
        try {
            return rig.pool.awaitIdle(Duration.ZERO);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static void free(Puppet puppet) {
        Runnable free = puppet.free;
        puppet.free = null;
        if (free != null) {
            free.run();
        }
    }

    private void judge(Task<?> task, int told, List<String> lies) {
        check(lies, task.isDone() && told == 1, "not one outcome: told=" + told);
        check(lies, !twice.contains(task), "begun twice");
        if (!task.isDone()) {
            return;
        }
        Throwable failure = task.handle((value, thrown) -> thrown).join();
        check(lies, failure != null || ended.contains(task), "answered and never ended");
        check(
                lies,
                !(failure instanceof ChildDied) || beganOnTheDead.contains(task),
                "ended with a worker that nothing ended but the pool");
        boolean isDenied = failure instanceof IpcFailure ipc && ipc.certainty() == Certainty.NOT_EXECUTED;
        check(lies, !isDenied || !begun.contains(task), "NOT_EXECUTED and begun");
    }

    private static void check(List<String> lies, boolean holds, String otherwise) {
        if (!holds) {
            lies.add(otherwise);
        }
    }
}
