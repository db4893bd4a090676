package dev.streamipc.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that wait, by priority and then in order, so that none starves. A task that ends while it waits, or waits elsewhere now, is told
 * and left behind; those that are left behind are swept out before they are more than the others. Guarded by the lock of the pool.
 */
final class TaskQueue implements Task.Line {

    private static final int SWEEP_FROM = 64;
    private static final int LONG = 4_096;

    private final List<Deque<Task<?>>> levels = new ArrayList<>();
    private final int[] passed = new int[Priority.values().length];
    private int waiting;
    private int leftBehind;
    private int longest;

    TaskQueue() {
        for (int level = 0; level < passed.length; level++) {
            levels.add(new ArrayDeque<>());
        }
    }

    int size() {
        return waiting;
    }

    boolean isEmpty() {
        return waiting == 0;
    }

    /** Puts a task in its place: behind all of its priority that were accepted before, wherever it waited meanwhile. */
    void add(Task<?> task) {
        Deque<Task<?>> level = levelOf(task);
        Task<?> last = level.peekLast();
        if (last == null || last.number < task.number) {
            level.addLast(enter(task));
        } else {
            addAmong(level, task);
        }
    }

    /** One that comes back is mostly older than those that wait. */
    private void addAmong(Deque<Task<?>> level, Task<?> task) {
        Deque<Task<?>> before = new ArrayDeque<>();
        Task<?> first = level.peekFirst();
        while (first != null && first.number < task.number) {
            before.addLast(level.removeFirst());
            first = level.peekFirst();
        }
        if (first == task) {
            // it was left behind here when it went to wait elsewhere
            leftBehind--;
            level.removeFirst();
        }
        level.addFirst(enter(task));
        while (!before.isEmpty()) {
            level.addFirst(before.removeLast());
        }
    }

    /** So many tasks that waited here wait elsewhere now. */
    void moved(int count) {
        waiting -= count;
        leftBehind += count;
        sweep();
    }

    /** A task of this priority was taken, though not from here. */
    void passedBy(Priority priority) {
        if (waiting > 0) {
            countLower(levelOf(priority));
        }
    }

    /** Returns whether the next has been passed so often that it is its turn. */
    boolean isOverdue() {
        return waiting > 0 && passed[nextLevel()] >= Priority.MAX_PASSED;
    }

    private Deque<Task<?>> levelOf(Task<?> task) {
        return levels.get(levelOf(task.options.priority()));
    }

    private static int levelOf(Priority priority) {
        return switch (priority) {
            case HIGH -> 0;
            case NORMAL -> 1;
            case LOW -> 2;
        };
    }

    private Task<?> enter(Task<?> task) {
        task.state = Task.State.QUEUED;
        task.line = this;
        waiting++;
        longest = Math.max(longest, waiting);
        return task;
    }

    @Override
    public void ended() {
        moved(1);
    }

    private void sweep() {
        if (leftBehind > SWEEP_FROM && leftBehind > waiting) {
            levels.forEach(level -> level.removeIf(task -> !waitsHere(task)));
            leftBehind = 0;
        }
    }

    /** Returns which is next, null if none is. */
    @Nullable
    Task<?> peek() {
        return waiting == 0 ? null : head(nextLevel());
    }

    /** Takes out which is next, null if none is. */
    @Nullable
    Task<?> poll() {
        if (waiting == 0) {
            return null;
        }
        int level = nextLevel();
        Task<?> task = head(level);
        levels.get(level).removeFirst();
        waiting--;
        count(level);
        giveRoomBack();
        return task;
    }

    /** Takes out all, in no order of note. */
    void drainTo(Consumer<? super Task<?>> taker) {
        Task<?> task = poll();
        while (task != null) {
            taker.accept(task);
            task = poll();
        }
    }

    /** A queue keeps the room that it once needed: one that was long and is empty makes place for a new one. */
    private void giveRoomBack() {
        if (waiting == 0 && longest > LONG) {
            levels.replaceAll(level -> new ArrayDeque<>());
            leftBehind = 0;
            longest = 0;
        }
    }

    private void count(int taken) {
        passed[taken] = 0;
        countLower(taken);
    }

    private void countLower(int taken) {
        for (int lower = taken + 1; lower < passed.length; lower++) {
            passed[lower] = head(lower) == null ? 0 : passed[lower] + 1;
        }
    }

    private int nextLevel() {
        for (int level = passed.length - 1; level > 0; level--) {
            if (passed[level] >= Priority.MAX_PASSED && head(level) != null) {
                return level;
            }
        }
        int level = 0;
        while (head(level) == null) {
            level++;
        }
        return level;
    }

    private @Nullable Task<?> head(int level) {
        Deque<Task<?>> tasks = levels.get(level);
        Task<?> first = tasks.peekFirst();
        while (first != null && !waitsHere(first)) {
            tasks.removeFirst();
            leftBehind--;
            first = tasks.peekFirst();
        }
        return first;
    }

    private boolean waitsHere(Task<?> task) {
        return task.state == Task.State.QUEUED && task.line == this;
    }

    @Override
    public String toString() {
        int held = levels.stream().mapToInt(Deque::size).sum();
        return "TaskQueue[waiting=" + waiting + ", leftBehind=" + leftBehind + ", held=" + held + "]";
    }
}
