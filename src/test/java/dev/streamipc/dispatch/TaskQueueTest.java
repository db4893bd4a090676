package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a queue still holds of tasks that wait elsewhere. */
class TaskQueueTest {

    private final Rig rig = new Rig(Rig.fixed(1));
    private final TaskQueue queue = new TaskQueue();
    private final TaskQueue other = new TaskQueue();
    private long lastNumber;

    private Task<?> next() {
        Task<?> task = rig.call();
        task.number = ++lastNumber;
        return task;
    }

    private void move(Task<?> task) {
        other.add(task);
        queue.moved(1);
    }

    @Test
    void oneThatWaitsElsewhereIsNotNextHere() {
        Task<?> moved = next();
        Task<?> stays = next();
        queue.add(moved);
        queue.add(stays);

        move(moved);

        assertSame(stays, queue.poll());
        assertNull(queue.poll());
        assertSame(moved, other.poll());
    }

    @Test
    void oneThatGoesAndComesBackIsHeldOnceAndInItsPlace() {
        Task<?> wanderer = next();
        Task<?> stays = next();
        queue.add(wanderer);
        queue.add(stays);

        for (int turn = 0; turn < 10; turn++) {
            move(wanderer);
            queue.add(other.poll());
        }

        assertEquals("TaskQueue[waiting=2, leftBehind=0, held=2]", queue.toString());
        assertSame(wanderer, queue.poll());
    }

    @Test
    void thoseThatWentAreSweptOutBeforeTheyAreMoreThanTheOthers() {
        List<Task<?>> tasks = new ArrayList<>();
        for (int count = 0; count < 200; count++) {
            tasks.add(next());
        }
        tasks.forEach(queue::add);

        tasks.subList(100, 200).forEach(this::move);
        assertEquals("TaskQueue[waiting=100, leftBehind=100, held=200]", queue.toString());
        move(tasks.get(99));
        assertEquals("TaskQueue[waiting=99, leftBehind=0, held=99]", queue.toString());
    }
}
