package dev.streamipc.channel;

import dev.streamipc.channel.RingScript.Stand;
import dev.streamipc.channel.RingScript.Step;
import dev.streamipc.channel.RingScript.Work;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Goes through every order in which the steps of some threads can come, with what processors hold back and with deaths. */
final class RingExplorer {

    private final List<Thread> threads;
    private final boolean withDeath;
    private final Set<RingWorld> seen = new HashSet<>();
    private final ArrayDeque<RingWorld> open = new ArrayDeque<>();
    private final Map<List<Object>, List<Long>> places = new HashMap<>();
    private final Set<List<String>> ends = new HashSet<>();

    /** A thread of one of the two sides. */
    record Thread(int side, Work work) {}

    RingExplorer(boolean withDeath, Thread... threads) {
        this.withDeath = withDeath;
        this.threads = List.of(threads);
    }

    /**
     * Returns all ends: what came of each thread; {@code dead} for one that was killed, and {@code stuck} for one that
     * waits and nobody will ever wake it.
     */
    Set<List<String>> ends() {
        add(RingWorld.of(threads.size()));
        while (!open.isEmpty()) {
            explore(open.removeLast());
        }
        return ends;
    }

    int worlds() {
        return seen.size();
    }

    private void add(RingWorld world) {
        if (seen.add(world)) {
            open.add(world);
        }
    }

    private void explore(RingWorld world) {
        List<String> results = new ArrayList<>();
        boolean moved = false;
        for (int i = 0; i < threads.size(); i++) {
            if (!world.queues().get(i).isEmpty()) {
                moved = true;
                add(world.seen(i));
            }
            moved |= step(world, i, results);
        }
        if (!moved) {
            ends.add(results);
        }
    }

    private boolean step(RingWorld world, int i, List<String> results) {
        if (world.dead() == i) {
            results.add("dead");
            return false;
        }
        int side = threads.get(i).side();
        Stand stand = RingScript.replay(threads.get(i).work(), world.answers().get(i));
        Step step = stand.step();
        if (step == null) {
            results.add(stand.result());
            return false;
        }
        if (withDeath && world.dead() < 0) {
            add(world.killed(i, side));
        }
        if (!world.allows(side, step)) {
            results.add("stuck");
            return false;
        }
        add(merged(i, world.after(i, side, step)));
        return true;
    }

    /** What a thread has seen counts only by what it knows of it still: so ways that meet become one. */
    private RingWorld merged(int i, RingWorld world) {
        List<Long> answers = world.answers().get(i);
        Step step = RingScript.replay(threads.get(i).work(), answers).step();
        if (step == null || step.local().isEmpty()) {
            return world;
        }
        List<Long> first = places.computeIfAbsent(List.of(i, step), place -> answers);
        return first == answers ? world : world.with(i, first);
    }
}
