package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.dispatch.Rig.Puppet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long a task waits behind others, under virtual time. */
class FairnessTest {

    private static final Workbench.Echoed ANSWER = new Workbench.Echoed("x", 1);
    private static final TaskOptions HIGH = TaskOptions.DEFAULT.priority(Priority.HIGH);
    private static final TaskOptions LOW = TaskOptions.DEFAULT.priority(Priority.LOW);
    private static final int CROWD = 100;

    private final Rig rig = new Rig(wide(1, 1)).up();
    private final Puppet worker = rig.puppet(1);

    static PoolSettings wide(int workers, int prefetch) {
        PoolSettings all = Rig.settings(new PoolSettings.Size(workers, workers, 0, 0, prefetch));
        return new PoolSettings(
                all.name(),
                all.size(),
                new PoolSettings.Queueing(10_000, QueueFull.REJECT, TimeUnit.MILLISECONDS.toNanos(20)),
                all.times(),
                all.recycling(),
                all.restarts());
    }

    @Test
    void aLowTaskIsPassedByNoMoreThanTheBoundWhereverTheHigherOnesWait() {
        rig.call(TaskOptions.DEFAULT.key("k"));
        Task<?> low = rig.call(LOW);
        crowd();

        assertTrue(passedBefore(low) <= Priority.MAX_PASSED, "it waits behind both lines, one after the other");
    }

    @Test
    void aLowTaskOfAKeyIsPassedByNoMoreThanTheBound() {
        rig.call(TaskOptions.DEFAULT.key("k"));
        Task<?> low = rig.call(LOW.key("k"));
        crowd();

        assertTrue(passedBefore(low) <= Priority.MAX_PASSED, "it waits behind both lines, one after the other");
    }

    @Test
    void neitherOfTwoLowerPrioritiesStarvesTheOther() {
        rig.call();
        Task<?> low = rig.call(LOW);
        Task<?> normal = rig.call();
        crowd();
        List<Task<?>> begun = new ArrayList<>();
        while (!low.isDone() || !normal.isDone()) {
            begun.add(worker.first());
            worker.end(worker.first(), ANSWER, null);
        }

        assertEquals(
                List.of(Priority.MAX_PASSED + 1, Priority.MAX_PASSED + 2),
                List.of(begun.indexOf(low), begun.indexOf(normal)));
    }

    private void crowd() {
        for (int count = 0; count < CROWD; count++) {
            rig.call(HIGH.key("k"));
            rig.call(HIGH);
        }
    }

    /** Ends what runs, one after the other, until a task runs; returns how many others were begun meanwhile. */
    private int passedBefore(Task<?> task) {
        int passed = -1;
        while (!worker.running.containsKey(task)) {
            worker.end(worker.first(), ANSWER, null);
            passed++;
        }
        return passed;
    }
}
