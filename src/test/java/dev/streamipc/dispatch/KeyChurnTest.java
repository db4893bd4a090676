package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.dispatch.Rig.Puppet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks with keys while workers die and come, under virtual time: a key's tasks are on one worker at a time, and in order. */
class KeyChurnTest {

    private static final Workbench.Echoed ANSWER = new Workbench.Echoed("x", 1);
    private static final int WORKERS = 3;
    private static final int STEPS = 2_000;

    @Test
    void whatWaitedForADeadWorkerStaysTogether() {
        Rig rig = new Rig(FairnessTest.wide(WORKERS, 1)).up();
        rig.call(TaskOptions.DEFAULT.key("k"));
        Puppet first = holder(rig);
        Task<?> second = rig.call(TaskOptions.DEFAULT.key("k"));
        Task<?> third = rig.call(TaskOptions.DEFAULT.key("k"));

        rig.die(first);

        assertEquals(List.of(second), List.copyOf(holder(rig).running.keySet()));
        holder(rig).end(second, ANSWER, null);
        assertEquals(List.of(third), List.copyOf(holder(rig).running.keySet()));
    }

    @Test
    void whatADeadWorkerHadNotBegunGoesOnInItsOrder() {
        Rig rig = new Rig(FairnessTest.wide(1, 4)).up();
        List<Task<?>> tasks = new ArrayList<>();
        for (int count = 0; count < 6; count++) {
            tasks.add(rig.call());
        }

        rig.die(rig.puppet(1));
        Puppet next = rig.ready("w-1");

        assertEquals(tasks.subList(0, 4), List.copyOf(next.running.keySet()));
    }

    @Test
    void aKeyWhoseIdleWorkerWasLetGoGoesToAnotherAndStartsNone() {
        Rig rig = new Rig(Rig.settings(new PoolSettings.Size(1, 2, 0, 0, 1))).up();
        Task<?> other = rig.call();
        Task<?> first = rig.call(TaskOptions.DEFAULT.key("k"));
        rig.time.advance(Duration.ofMillis(21));
        Puppet grown = rig.ready("w-2");
        grown.end(first, ANSWER, null);
        rig.time.advance(Duration.ofSeconds(1));
        rig.puppet(1).end(other, ANSWER, null);

        rig.time.advance(Duration.ofSeconds(60));
        List<Task<?>> later = List.of(rig.call(TaskOptions.DEFAULT.key("k")), rig.call(TaskOptions.DEFAULT.key("k")));
        rig.time.advance(Duration.ofSeconds(1));

        assertEquals(List.of("w-1"), List.copyOf(rig.wanted.keySet()));
        assertEquals(List.of(later.get(0)), List.copyOf(rig.puppet(1).running.keySet()));
    }

    private static Puppet holder(Rig rig) {
        return rig.puppets.values().stream()
                .filter(each -> !each.running.isEmpty())
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aKeyIsOnOneWorkerAtATimeAndItsTasksAreBegunInOrder(int prefetch) {
        for (long seed = 1; seed <= 20; seed++) {
            new Churn(seed, prefetch, true).run();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aKeyIsOnOneWorkerAtATimeWhateverIsToldFirst(int prefetch) {
        for (long seed = 1; seed <= 20; seed++) {
            new Churn(seed, prefetch, false).run();
        }
    }

    /** One run. A worker begins what is first with it; one that dies before has begun nothing else. */
    private static final class Churn {

        private final boolean isInOrder;
        private final Random random;
        private final Rig rig;
        private final String label;
        private final Map<Task<?>, Integer> numbers = new HashMap<>();
        private final Map<String, Integer> lastBegun = new HashMap<>();

        /**
         * Makes a run.
         *
         * @param isInOrder whether what a worker had ends before it is gone
         */
        Churn(long seed, int prefetch, boolean isInOrder) {
            this.isInOrder = isInOrder;
            random = new Random(seed);
            rig = new Rig(FairnessTest.wide(WORKERS, prefetch)).up();
            label = "seed=" + seed + ", prefetch=" + prefetch;
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(20)) {
                    case 0 -> dieAndComeBack();
                    case 1, 2, 3, 4, 5, 6, 7, 8, 9 -> endOne();
                    default -> submit();
                }
                check();
            }
        }

        private void submit() {
            int key = random.nextInt(6);
            TaskOptions options = TaskOptions.DEFAULT.idempotent(TaskOptions.MAX_ATTEMPTS);
            Task<?> task = rig.call(key == 5 ? options : options.key("k" + key));
            numbers.put(task, numbers.size());
        }

        private void endOne() {
            Puppet worker = any();
            if (!worker.running.isEmpty()) {
                begin(worker.first());
                worker.end(worker.first(), ANSWER, null);
            }
        }

        private void begin(Task<?> task) {
            String key = task.options.key();
            if (key != null && isInOrder) {
                int number = numbers.get(task);
                Integer before = lastBegun.put(key, number);
                assertTrue(before == null || before < number, () -> "out of order: key=" + key + ", " + label);
            }
        }

        private void dieAndComeBack() {
            Puppet worker = any();
            if (isInOrder || random.nextBoolean()) {
                rig.die(worker);
            } else {
                rig.dieBeforeItsTasks(worker);
            }
            check();
            rig.ready(worker.slot.name);
        }

        private Puppet any() {
            List<Puppet> all = List.copyOf(rig.puppets.values());
            return all.get(random.nextInt(all.size()));
        }

        private void check() {
            Map<String, TreeSet<String>> holders = new HashMap<>();
            for (Puppet worker : rig.puppets.values()) {
                for (Task<?> task : worker.running.keySet()) {
                    if (task.options.key() != null) {
                        holders.computeIfAbsent(task.options.key(), key -> new TreeSet<>())
                                .add(worker.slot.name);
                    }
                }
            }
            holders.forEach((key, names) ->
                    assertEquals(1, names.size(), () -> "key=" + key + ", workers=" + names + ", " + label));
        }
    }
}
