package dev.streamipc.supervise;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What one seed says: a tree, and what is done to it when. Plain numbers and words, for two who read them apart. */
record ForestPlan(long seed, Boss root, List<Order> orders) {

    static final int PERMANENT = 0;
    static final int TRANSIENT = 1;
    static final int TEMPORARY = 2;
    static final int ONE = 0;
    static final int ALL = 1;
    static final int REST = 2;
    static final long SECOND = 1_000_000_000L;
    static final long HORIZON = 20 * SECOND;

    /** The failures of puppets: C is a B, B is an A; D is none of them. All are "any". */
    static final List<String> FAILURES = List.of("A", "B", "C", "D");

    /** A backoff without jitter. */
    record Wait(long first, long max, long resetAfter) {}

    /** A child: a puppet, or a supervisor; with a backoff of its own or without. */
    record Spec(
            String name,
            int type,
            long startLimit,
            long stopLimit,
            long killLimit,
            @Nullable Wait own,
            @Nullable Boss boss) {}

    /** Actions are R, S, E, I or, for no rule, a dash: for A, B, C, D, any; the last holds without a rule. */
    record Boss(
            String name, int strategy, int intensity, long period, Wait backoff, String actions, List<Spec> children) {}

    /** At a time, something for the supervisor at the end of a path: add, remove, stop, kill. */
    record Order(
            long at,
            String verb,
            List<String> boss,
            @Nullable Spec spec,
            String name) {}

    /** Returns what is done before the start. */
    List<Order> before() {
        return orders.stream().filter(order -> order.at() == 0).toList();
    }

    /** Returns what is done after the start, in order. */
    List<Order> after() {
        return orders.stream()
                .filter(order -> order.at() > 0)
                .sorted(Comparator.comparingLong(Order::at))
                .toList();
    }

    static ForestPlan of(long seed) {
        return new Maker(new Random(seed)).plan(seed);
    }

    private record Maker(Random random) {

        ForestPlan plan(long seed) {
            Boss root = boss("root", 0);
            List<Order> orders = new ArrayList<>();
            int count = random.nextInt(8);
            for (int i = 0; i < count; i++) {
                orders.add(order(root, i));
            }
            if (random.nextInt(8) == 0) {
                orders.add(new Order(0, "add", List.of(), spec("y", 1), ""));
            }
            if (random.nextInt(100) == 0) {
                orders.add(new Order(0, random.nextBoolean() ? "stop" : "kill", List.of(), null, ""));
            }
            orders.add(new Order(HORIZON, random.nextInt(4) == 0 ? "kill" : "stop", List.of(), null, ""));
            return new ForestPlan(seed, root, orders);
        }

        private Order order(Boss root, int number) {
            List<String> path = new ArrayList<>();
            Boss at = root;
            Boss below = branchOf(at, path);
            while (below != null) {
                at = below;
                below = branchOf(at, path);
            }
            long when = 1 + random.nextLong(HORIZON - 2);
            if (!path.isEmpty() && random.nextInt(4) == 0) {
                return new Order(when, random.nextBoolean() ? "stop" : "kill", path, null, "");
            }
            boolean adds = random.nextInt(3) > 0;
            int known = at.children().size();
            String name = known == 0 || random.nextInt(3) == 0
                    ? "x" + random.nextInt(number + 1)
                    : at.children().get(random.nextInt(known)).name();
            return adds
                    ? new Order(when, "add", path, spec(random.nextInt(3) > 0 ? "x" + number : name, 2), name)
                    : new Order(when, "remove", path, null, name);
        }

        private @Nullable Boss branchOf(Boss at, List<String> path) {
            for (Spec child : at.children()) {
                if (child.boss() != null && random.nextBoolean()) {
                    path.add(child.name());
                    return child.boss();
                }
            }
            return null;
        }

        private Wait waits() {
            long first = random.nextInt(3) == 0 ? 0 : random.nextLong(SECOND / 5);
            return new Wait(first, first + random.nextLong(SECOND), random.nextLong(3 * SECOND));
        }

        private int intensity() {
            int most = random.nextInt(4) == 0 ? random.nextInt(4) : 4 + random.nextInt(12);
            return random.nextInt(20) == 0 ? Integer.MAX_VALUE : most;
        }

        private Boss boss(String name, int depth) {
            List<Spec> children = new ArrayList<>();
            int count = random.nextInt(5);
            for (int i = 0; i < count; i++) {
                children.add(spec("c" + i, depth + 1));
            }
            return new Boss(
                    name,
                    random.nextInt(3),
                    intensity(),
                    SECOND / 2 + random.nextLong(5 * SECOND),
                    waits(),
                    actions(),
                    children);
        }

        private String actions() {
            StringBuilder actions = new StringBuilder();
            for (int i = 0; i < 5; i++) {
                actions.append("-----------RRRRSEI".charAt(random.nextInt(18)));
            }
            return actions.append("RRRRRRRRRREIS".charAt(random.nextInt(13))).toString();
        }

        private Spec spec(String name, int depth) {
            Boss boss = depth < 3 && random.nextInt(4) == 0 ? boss(name, depth) : null;
            int type = random.nextInt(6);
            long day = 86_400 * SECOND;
            return new Spec(
                    name,
                    type > 2 ? PERMANENT : type,
                    boss == null ? SECOND / 10 + random.nextLong(SECOND) : day,
                    boss == null ? (random.nextInt(6) == 0 ? 0 : 1 + random.nextLong(SECOND / 2)) : day,
                    1 + random.nextLong(SECOND / 2),
                    random.nextInt(4) == 0 ? waits() : null,
                    boss);
        }
    }
}
