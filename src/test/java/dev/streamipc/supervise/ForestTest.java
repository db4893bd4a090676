package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.supervise.ForestPlan.Boss;
import dev.streamipc.supervise.ForestPlan.Order;
import dev.streamipc.supervise.ForestPlan.Spec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random trees of puppets that crash, hang and throw, under virtual time: what supervisors do, when, and how the tree looks is
 * what a naive model says. One seed alone: {@code -Dsupervise.seed=N}; more of them: {@code -Dsupervise.trees=N}.
 */
class ForestTest {

    private static final int TREES = Integer.getInteger("supervise.trees", 3_000);
    private static final @Nullable Long ONE_SEED = Long.getLong("supervise.seed");
    private static final long AFTERWARDS = 60 * ForestPlan.SECOND;

    private final Map<String, Integer> seen = new TreeMap<>();

    @Test
    void treesDoWhatTheModelSays() {
        LongStream seeds = ONE_SEED == null ? LongStream.rangeClosed(1, TREES) : LongStream.of(ONE_SEED);

        seeds.forEach(this::compare);

        System.out.println("forest: " + seen);
        assertTrue(ONE_SEED != null || TREES < 1_000 || seen.getOrDefault("GaveUp", 0) > TREES / 10, seen::toString);
        assertTrue(ONE_SEED != null || TREES < 1_000 || seen.getOrDefault("Lost", 0) > TREES / 10, seen::toString);
        assertTrue(ONE_SEED != null || TREES < 1_000 || seen.getOrDefault("Restarting", 0) > TREES, seen::toString);
    }

    @Test
    void theSameSeedGivesTheSame() {
        assertEquals(real(ForestPlan.of(7)), real(ForestPlan.of(7)));
    }

    private void compare(long seed) {
        ForestPlan plan = ForestPlan.of(seed);
        List<String> expected = modelled(plan);

        List<String> actual = real(plan);

        for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
            String wanted = i < expected.size() ? expected.get(i) : "nothing";
            String got = i < actual.size() ? actual.get(i) : "nothing";
            if (!wanted.equals(got)) {
                List<String> before = actual.subList(Math.max(0, i - 12), Math.min(i, actual.size()));
                assertEquals(wanted, got, "supervise.seed=" + seed + ", before:\n" + String.join("\n", before) + "\n");
            }
        }
    }

    private static List<String> modelled(ForestPlan plan) {
        PuppetWorld world = new PuppetWorld(plan.seed());
        NaiveTree tree = new NaiveTree(world, plan.root());
        plan.before().forEach(order -> tree.run(() -> obey(tree, order)));
        tree.run(tree.root::begin);
        for (Order order : plan.after()) {
            world.time.advanceTo(order.at());
            tree.run(() -> obey(tree, order));
            world.note("tree", modelledTree(tree).toString());
        }
        world.time.advanceTo(world.time.elapsedNanos() + AFTERWARDS);
        world.note("tree", modelledTree(tree).toString());
        return world.trace.stream().sorted().toList();
    }

    private static void obey(NaiveTree tree, Order order) {
        NaiveTree.Node node = tree.root;
        for (String name : order.boss()) {
            NaiveKid kid = node.kid(name);
            if (kid == null || kid.node() == null) {
                return;
            }
            node = kid.node();
        }
        switch (order.verb()) {
            case "add" -> node.add(order.spec());
            case "remove" -> node.remove(order.name());
            default -> node.end(order.verb().equals("kill"));
        }
    }

    private static List<String> modelledTree(NaiveTree tree) {
        List<String> lines = new ArrayList<>();
        tree.root.dump(lines);
        return lines;
    }

    private List<String> real(ForestPlan plan) {
        PuppetWorld world = new PuppetWorld(plan.seed());
        Supervisor supervisor = Supervisor.builder(spec(world, plan.root(), "").build())
                .scheduler(world.time)
                .executor(Runnable::run)
                .build();
        supervisor.ended().whenComplete((nothing, failure) -> world.note("root", "ended " + NaiveTree.kind(failure)));
        supervisor.observe(event -> seen.merge(event.getClass().getSimpleName(), 1, Integer::sum));
        plan.before().forEach(order -> obey(world, supervisor, order));
        supervisor.start();
        for (Order order : plan.after()) {
            world.time.advanceTo(order.at());
            obey(world, supervisor, order);
            world.note("tree", tree(supervisor.snapshot(), "root").toString());
        }
        world.time.advanceTo(world.time.elapsedNanos() + AFTERWARDS);
        world.note("tree", tree(supervisor.snapshot(), "root").toString());
        assertEquals(ChildState.ENDED, supervisor.snapshot().state(), "supervise.seed=" + plan.seed());
        assertEquals(0, world.time.waiting(), "timers left, supervise.seed=" + plan.seed());
        return world.trace.stream().sorted().toList();
    }

    private static void obey(PuppetWorld world, Supervisor root, Order order) {
        Optional<Supervisor> at = Optional.of(root);
        for (String name : order.boss()) {
            at = at.flatMap(supervisor -> supervisor.branch(name));
        }
        at.ifPresent(supervisor -> {
            String path =
                    "root/" + order.boss().stream().map(name -> name + "/").collect(Collectors.joining());
            Spec added = order.spec();
            if (added != null) {
                CompletableFuture<Void> done = supervisor.add(child(world, added, path));
                done.whenComplete((nothing, failure) -> world.note(
                        path + added.name(), failure == null ? "added" : "not added " + NaiveTree.kind(failure)));
            } else if (order.verb().equals("remove")) {
                supervisor
                        .remove(order.name())
                        .whenComplete((nothing, failure) ->
                                world.note(path + order.name(), failure == null ? "removed" : "not removed"));
            } else if (order.verb().equals("kill")) {
                supervisor.kill();
            } else {
                supervisor.stop();
            }
        });
    }

    private static List<String> tree(Snapshot snapshot, String path) {
        List<String> lines = new ArrayList<>();
        for (Snapshot child : snapshot.children()) {
            String below = path + "/" + child.name();
            Throwable last = child.lastFailure();
            String failure = last == null ? "none" : NaiveTree.kind(last);
            lines.add(below + " " + child.state() + " " + child.restarts() + " " + failure);
            lines.addAll(tree(child, below));
        }
        return lines;
    }

    private static SupervisorSpec.Builder spec(PuppetWorld world, Boss boss, String above) {
        SupervisorSpec.Builder spec = SupervisorSpec.builder(boss.name())
                .strategy(
                        switch (boss.strategy()) {
                            case ForestPlan.ONE -> RestartStrategy.ONE_FOR_ONE;
                            case ForestPlan.ALL -> RestartStrategy.ONE_FOR_ALL;
                            default -> RestartStrategy.REST_FOR_ONE;
                        })
                .intensity(boss.intensity(), Duration.ofNanos(boss.period()))
                .backoff(backoff(boss.backoff()))
                .rules(rules(boss.actions()));
        String path = above + boss.name() + "/";
        boss.children().forEach(child -> spec.child(child(world, child, path)));
        return spec;
    }

    private static ChildSpec child(PuppetWorld world, Spec spec, String above) {
        ChildSpec.Builder child = spec.boss() == null
                ? ChildSpec.builder(spec.name(), () -> world.puppet(above + spec.name()))
                : Supervisor.asChild(spec(world, spec.boss(), above).build());
        ForestPlan.Wait own = spec.own();
        if (own != null) {
            child.backoff(() -> backoff(own));
        }
        return child.restart(
                        switch (spec.type()) {
                            case ForestPlan.PERMANENT -> RestartType.PERMANENT;
                            case ForestPlan.TRANSIENT -> RestartType.TRANSIENT;
                            default -> RestartType.TEMPORARY;
                        })
                .startLimit(Duration.ofNanos(spec.startLimit()))
                .stopLimit(Duration.ofNanos(spec.stopLimit()))
                .killLimit(Duration.ofNanos(spec.killLimit()))
                .build();
    }

    private static Backoff backoff(ForestPlan.Wait wait) {
        return new Backoff(
                Duration.ofNanos(wait.first()), Duration.ofNanos(wait.max()), 0, Duration.ofNanos(wait.resetAfter()));
    }

    private static FailureRules rules(String actions) {
        List<Class<? extends Throwable>> types = List.of(
                PuppetWorld.FailureA.class,
                PuppetWorld.FailureB.class,
                PuppetWorld.FailureC.class,
                PuppetWorld.FailureD.class,
                Exception.class);
        FailureRules.Builder rules = FailureRules.builder().otherwise(action(actions.charAt(types.size())));
        for (int i = 0; i < types.size(); i++) {
            if (actions.charAt(i) != '-') {
                rules.on(types.get(i), action(actions.charAt(i)));
            }
        }
        return rules.build();
    }

    private static FailureAction action(char letter) {
        return switch (letter) {
            case 'R' -> FailureAction.RESTART;
            case 'S' -> FailureAction.STOP;
            case 'E' -> FailureAction.ESCALATE;
            default -> FailureAction.IGNORE;
        };
    }
}
