package dev.streamipc.supervise;

import dev.streamipc.supervise.ForestPlan.Boss;
import dev.streamipc.supervise.ForestPlan.Spec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A tree of supervisors told once more, as plainly as can be: objects that change, a timer for each wait, lists of those
 * who have to stop and start. Has nothing from the library but the interface of what is supervised.
 */
final class NaiveTree {

    final PuppetWorld world;
    private final Deque<Runnable> jobs = new ArrayDeque<>();
    private boolean busy;
    final Node root;

    NaiveTree(PuppetWorld world, Boss plan) {
        this.world = world;
        root = new Node(plan, plan.name(), () -> {}, failure -> world.note(plan.name(), "ended " + kind(failure)));
    }

    /** One thing after the other, whoever asks. */
    void run(Runnable job) {
        jobs.add(job);
        if (!busy) {
            busy = true;
            while (!jobs.isEmpty()) {
                jobs.remove().run();
            }
            busy = false;
        }
    }

    static String kind(@Nullable Throwable failure) {
        return failure == null ? "in order" : failure.getClass().getSimpleName();
    }

    static final class StartTimedOut extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static final class ChildNotStarted extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static final class TooManyRestarts extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** One supervisor. */
    final class Node {

        final List<NaiveKid> kids = new ArrayList<>();
        private final Boss plan;
        final String path;
        private final Runnable onUp;
        private final Consumer<@Nullable Throwable> onEnd;
        private final List<Long> restarts = new ArrayList<>();
        private String state = "WAITING";
        private @Nullable Throwable why;
        private boolean force;

        @Nullable
        List<NaiveKid> line;

        private boolean clearing;
        private long notBefore = Long.MIN_VALUE;
        private @Nullable NaiveKid head;
        private int headLife;

        Node(Boss plan, String path, Runnable onUp, Consumer<@Nullable Throwable> onEnd) {
            this.plan = plan;
            this.path = path;
            this.onUp = onUp;
            this.onEnd = onEnd;
            plan.children().forEach(spec -> kids.add(new NaiveKid(NaiveTree.this, this, spec, true)));
        }

        void dump(List<String> out) {
            for (NaiveKid kid : kids) {
                String last = kid.last == null ? "none" : kind(kid.last);
                out.add(kid.path() + " " + kid.state + " " + kid.restarts + " " + last);
                if (kid.node != null && kid.lives()) {
                    kid.node.dump(out);
                }
            }
        }

        @Nullable
        NaiveKid kid(String name) {
            return kids.stream()
                    .filter(kid -> kid.spec.name().equals(name))
                    .findFirst()
                    .orElse(null);
        }

        boolean is(String wanted) {
            return state.equals(wanted);
        }

        void begin() {
            if (is("WAITING")) {
                state = "STARTING";
                line = new ArrayList<>(kids);
                push();
            }
        }

        void end(boolean byForce) {
            close(null);
            force |= byForce;
            push();
        }

        void add(Spec spec) {
            String child = path + "/" + spec.name();
            if (is("STOPPING") || is("ENDED")) {
                world.note(child, "not added ChildGone");
            } else if (kid(spec.name()) != null) {
                world.note(child, "not added IllegalArgumentException");
            } else {
                NaiveKid kid = new NaiveKid(NaiveTree.this, this, spec, false);
                kid.wanted = true;
                kids.add(kid);
                if (is("WAITING")) {
                    return;
                }
                if (line != null) {
                    line.add(kid);
                } else {
                    kid.start();
                }
            }
        }

        void remove(String name) {
            NaiveKid kid = kid(name);
            if (kid == null) {
                world.note(path + "/" + name, "not removed");
                return;
            }
            kid.leaving++;
            if (!kid.lives()) {
                kid.leave();
            } else if (!is("STOPPING")) {
                kid.fate = "leave";
                kid.askToStop();
            }
            push();
        }

        private void close(@Nullable Throwable reason) {
            if (is("STOPPING") || is("ENDED")) {
                return;
            }
            state = "STOPPING";
            why = reason;
            line = null;
            kids.stream().filter(kid -> kid.state.equals("WAITING")).forEach(kid -> {
                kid.token++;
                kid.state = "ENDED";
            });
        }

        /** Does whatever is the next thing to do in order. */
        void push() {
            if (is("STOPPING")) {
                pushEnd();
            } else if (line != null) {
                pushLine(line);
            }
        }

        private void pushEnd() {
            List<NaiveKid> living = kids.stream().filter(NaiveKid::lives).toList();
            if (living.isEmpty()) {
                state = "ENDED";
                kids.stream().filter(kid -> kid.wanted).forEach(NaiveKid::answerNo);
                onEnd.accept(why);
            } else if (force) {
                living.forEach(NaiveKid::killOnce);
            } else {
                living.get(living.size() - 1).askToStop();
            }
        }

        private void pushLine(List<NaiveKid> waiting) {
            if (clearing) {
                for (int i = waiting.size() - 1; i >= 0; i--) {
                    NaiveKid kid = waiting.get(i);
                    if (kid.lives()) {
                        kid.fate = kid.fate.equals("leave") || kid.fate.equals("freeze") ? kid.fate : "line";
                        kid.askToStop();
                        return;
                    }
                }
                clearing = false;
                head = null;
            }
            if (world.time.elapsedNanos() < notBefore) {
                return;
            }
            if (head != null && head.life == headLife && (head.is("STARTING") || head.is("STOPPING"))) {
                return;
            }
            for (NaiveKid kid : waiting) {
                if (kid.is("WAITING") && !kid.alone) {
                    kid.start();
                    head = kid;
                    headLife = kid.life;
                    return;
                }
            }
            line = null;
            if (is("STARTING")) {
                state = "RUNNING";
                onUp.run();
            }
        }

        private boolean isCleared(NaiveKid kid) {
            return line != null && clearing && line.contains(kid);
        }

        void trouble(NaiveKid kid, Throwable failure) {
            kid.last = failure;
            char action = action(failure);
            if (action == 'E') {
                close(failure);
            } else if (action == 'S') {
                kid.settleAs("freeze");
            } else if (action == 'R' && kid.spec.type() == ForestPlan.TEMPORARY) {
                kid.settleAs("leave");
            } else if (action == 'R') {
                again(kid);
            } else if (!kid.is("RUNNING")) {
                orderly(kid);
            }
        }

        void stillborn(NaiveKid kid, Throwable failure) {
            kid.last = failure;
            if (kid.original) {
                close(new ChildNotStarted());
                return;
            }
            kid.stillborn = true;
            kid.settleAs("leave");
        }

        void orderly(NaiveKid kid) {
            if (kid.spec.type() == ForestPlan.PERMANENT) {
                again(kid);
            } else if (kid.spec.type() == ForestPlan.TEMPORARY) {
                kid.settleAs("leave");
            } else if (isCleared(kid)) {
                kid.settleAs("line");
            }
        }

        private void again(NaiveKid kid) {
            if (isCleared(kid)) {
                if (!kid.is("RUNNING")) {
                    kid.settleAs("line");
                }
                return;
            }
            long now = world.time.elapsedNanos();
            restarts.removeIf(at -> at < now - plan.period());
            restarts.add(now);
            if (restarts.size() > plan.intensity()) {
                close(new TooManyRestarts());
                return;
            }
            ForestPlan.Wait backoff = kid.spec.own() == null ? plan.backoff() : kid.spec.own();
            kid.row = kid.upSince >= 0 && now - kid.upSince >= backoff.resetAfter() ? 1 : kid.row + 1;
            kid.restarts++;
            long wait = backoff.first();
            for (int i = 1; i < kid.row && wait < backoff.max(); i++) {
                wait *= 2;
            }
            kid.wakeAt = now + Math.min(wait, backoff.max());
            if (plan.strategy() == ForestPlan.ONE) {
                kid.settleAs("alone");
                return;
            }
            if (!kid.is("RUNNING")) {
                kid.settleAs("line");
            }
            lineUp(plan.strategy() == ForestPlan.ALL ? kids.get(0) : kid, kid.wakeAt);
        }

        private void lineUp(NaiveKid first, long wakeAt) {
            List<NaiveKid> next = new ArrayList<>();
            boolean in = false;
            for (NaiveKid kid : kids) {
                in |= kid == first || kid.is("WAITING");
                if (in) {
                    next.add(kid);
                    kid.state = kid.is("ENDED") ? "WAITING" : kid.state;
                }
            }
            notBefore = line == null ? wakeAt : Math.max(wakeAt, notBefore);
            line = next;
            clearing = true;
            head = null;
            world.time.schedule(() -> run(this::push), notBefore - world.time.elapsedNanos());
        }

        private char action(Throwable failure) {
            Throwable inner = failure;
            while (inner instanceof CompletionException || inner instanceof ExecutionException) {
                inner = inner.getCause();
            }
            List<Integer> chain = switch (kind(inner)) {
                case "FailureA" -> List.of(0, 4, 5);
                case "FailureB" -> List.of(1, 0, 4, 5);
                case "FailureC" -> List.of(2, 1, 0, 4, 5);
                case "FailureD" -> List.of(3, 4, 5);
                default -> List.of(4, 5);
            };
            return chain.stream()
                    .map(place -> plan.actions().charAt(place))
                    .filter(action -> action != '-')
                    .findFirst()
                    .orElseThrow();
        }
    }
}
