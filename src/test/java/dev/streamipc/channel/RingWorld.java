package dev.streamipc.channel;

import dev.streamipc.channel.RingScript.Kind;
import dev.streamipc.channel.RingScript.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Memory, bells, and threads of two sides, at one moment. A processor may hold back what it writes: each thread's writes wait in a
 * queue, in order, until they are seen; a fence or a swap empties the queue.
 *
 * @param memory words and bytes by their offset; what is missing is 0
 * @param queues writes that nobody else sees yet, by thread
 * @param rings how often a bell was rung and nobody has heard it, by side and bell
 * @param known whether a side has found that the other has hung up
 * @param hungUp whether a side has hung up, or is dead
 * @param answers what each thread has seen so far: all that its future depends on
 * @param dead the thread that was killed, -1 for none
 */
record RingWorld(
        Map<Integer, Long> memory,
        List<List<Step>> queues,
        List<Integer> rings,
        List<Boolean> known,
        List<Boolean> hungUp,
        List<List<Long>> answers,
        int dead) {

    private static final int MOST_RINGS = 3;
    private static final int BELLS = 2;

    static RingWorld of(int threads) {
        List<List<Step>> queues = new ArrayList<>();
        List<List<Long>> answers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            queues.add(List.of());
            answers.add(List.of());
        }
        return new RingWorld(
                Map.of(), queues, List.of(0, 0, 0, 0), List.of(false, false), List.of(false, false), answers, -1);
    }

    private RingWorld copy() {
        return new RingWorld(
                new TreeMap<>(memory),
                new ArrayList<>(queues),
                new ArrayList<>(rings),
                new ArrayList<>(known),
                new ArrayList<>(hungUp),
                new ArrayList<>(answers),
                dead);
    }

    /** Returns whether a thread of a side can take a step now. */
    boolean allows(int side, Step step) {
        return step.kind() != Kind.AWAIT || rings.get(side * BELLS + step.at()) > 0 || hungUp.get(0) || hungUp.get(1);
    }

    /** Returns the same world with other answers for a thread, which have brought it to the same place. */
    RingWorld with(int thread, List<Long> others) {
        RingWorld next = copy();
        next.answers.set(thread, others);
        return next;
    }

    /** The oldest write of a thread is seen by all. */
    RingWorld seen(int thread) {
        RingWorld next = copy();
        List<Step> queue = new ArrayList<>(queues.get(thread));
        next.store(queue.remove(0));
        next.queues.set(thread, queue);
        return next;
    }

    /** A thread is killed, and with it its side. */
    RingWorld killed(int thread, int side) {
        RingWorld next = copy();
        next.drain(thread);
        next.hungUp.set(side, true);
        return new RingWorld(next.memory, next.queues, next.rings, next.known, next.hungUp, next.answers, thread);
    }

    /** A thread takes a step. */
    RingWorld after(int thread, int side, Step step) {
        RingWorld next = copy();
        long answer = next.take(thread, side, step);
        List<Long> seen = new ArrayList<>(answers.get(thread));
        seen.add(answer);
        next.answers.set(thread, seen);
        return next;
    }

    private long take(int thread, int side, Step step) {
        return switch (step.kind()) {
            case GET -> load(thread, step.at());
            case READ -> packed(thread, step);
            case SET, WRITE -> hold(thread, step);
            case FENCE -> drain(thread);
            case SWAP -> swap(thread, step);
            case RING -> ring(side, step.at());
            case AWAIT, FORGET -> hear(side, step.at());
            case IS_OVER -> known.get(side) ? 1 : 0;
            case HANG_UP -> hangUp(thread, side);
        };
    }

    private long load(int thread, int offset) {
        long value = memory.getOrDefault(offset, 0L);
        for (Step write : queues.get(thread)) {
            if (write.kind() == Kind.SET && write.at() == offset) {
                value = write.value();
            }
        }
        return value;
    }

    private long packed(int thread, Step step) {
        long all = 0;
        for (int i = 0; i < step.count(); i++) {
            all |= load(thread, step.at() + i) << (8 * i);
        }
        return all;
    }

    private long hold(int thread, Step step) {
        List<Step> queue = new ArrayList<>(queues.get(thread));
        queue.add(step);
        queues.set(thread, queue);
        return 0;
    }

    private long drain(int thread) {
        queues.get(thread).forEach(this::store);
        queues.set(thread, List.of());
        return 0;
    }

    private void store(Step write) {
        if (write.kind() == Kind.SET) {
            memory.put(write.at(), write.value());
        }
        for (int i = 0; i < write.count(); i++) {
            memory.put(write.at() + i, (write.value() >> (8 * i)) & 0xff);
        }
    }

    private long swap(int thread, Step step) {
        drain(thread);
        long before = load(thread, step.at());
        memory.put(step.at(), step.value());
        return before;
    }

    /** A ring that finds the connection full is left out. */
    private long ring(int side, int bell) {
        int other = (1 - side) * BELLS + bell;
        rings.set(other, Math.min(MOST_RINGS, rings.get(other) + 1));
        known.set(side, known.get(side) || hungUp.get(1 - side));
        return 0;
    }

    private long hear(int side, int bell) {
        rings.set(side * BELLS + bell, 0);
        known.set(side, known.get(side) || hungUp.get(1 - side));
        return hungUp.get(side) ? -1 : 1;
    }

    private long hangUp(int thread, int side) {
        drain(thread);
        hungUp.set(side, true);
        return 0;
    }
}
