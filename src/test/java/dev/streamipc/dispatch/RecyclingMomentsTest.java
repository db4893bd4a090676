package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Every order of a few things that can befall a pool of one worker that is to be replaced: tasks come, are sent, begin, end or are cancelled, the
 * worker grows too large, dies, and its replacement gets ready, or dies too. After each, whatever is open is let go on to its end; then the
 * outcomes are held against what the workers have seen.
 */
class RecyclingMomentsTest {

    private static final int DEPTH = 6;

    @Test
    void noOrderOfMomentsLosesACallOrLiesAboutOne() {
        Set<String> lies = new TreeSet<>();
        int played = playAll(1, 0, lies) + playAll(1, 1, lies);

        assertEquals(Set.of(), lies);
        assertTrue(played > 5_000, "orders played: " + played);
    }

    @Test
    void noOrderOfMomentsLosesACallOfADeepWorkerOrLiesAboutOne() {
        Set<String> lies = new TreeSet<>();
        int played = playAll(3, 0, lies) + playAll(3, 1, lies);

        assertEquals(Set.of(), lies);
        assertTrue(played > 5_000, "orders played: " + played);
    }

    /** Plays all orders, by going as deep as there are moments that can come next; returns how many. */
    private static int playAll(int prefetch, int maxTasks, Set<String> lies) {
        Deque<List<Moments.Moment>> open = new ArrayDeque<>();
        open.push(List.of());
        int played = 0;
        while (!open.isEmpty() && lies.size() < 5) {
            List<Moments.Moment> order = open.pop();
            Moments moments = new Moments(prefetch, maxTasks);
            order.forEach(moments::come);
            if (order.size() < DEPTH) {
                for (Moments.Moment next : moments.possible()) {
                    List<Moments.Moment> longer = new ArrayList<>(order);
                    longer.add(next);
                    open.push(longer);
                }
            }
            played++;
            moments.lies().forEach(lie -> lies.add(order + ": " + lie));
        }
        return played;
    }
}
