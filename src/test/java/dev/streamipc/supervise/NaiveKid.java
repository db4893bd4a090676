package dev.streamipc.supervise;

import dev.streamipc.supervise.ForestPlan.Spec;
import dev.streamipc.supervise.NaiveTree.Node;
import org.jspecify.annotations.Nullable;

/** One child of a supervisor. */
final class NaiveKid {

    final Spec spec;
    private final NaiveTree tree;
    private final Node boss;
    final boolean original;
    String state = "WAITING";
    String fate = "rest";
    boolean alone;
    boolean killed;
    private boolean everUp;
    boolean wanted;
    boolean stillborn;
    int leaving;
    int life;
    int token;
    int row;
    int restarts;
    long upSince = -1;
    long wakeAt;
    private @Nullable Supervised puppet;
    private @Nullable News news;

    @Nullable
    Throwable last;

    @Nullable
    Node node;

    NaiveKid(NaiveTree tree, Node boss, Spec spec, boolean original) {
        this.tree = tree;
        this.boss = boss;
        this.spec = spec;
        this.original = original;
    }

    boolean is(String wantedState) {
        return state.equals(wantedState);
    }

    boolean lives() {
        return is("STARTING") || is("RUNNING") || is("STOPPING");
    }

    String path() {
        return boss.path + "/" + spec.name();
    }

    @Nullable
    Node node() {
        return lives() ? node : null;
    }

    void answer(String text) {
        wanted = false;
        tree.world.note(path(), text);
    }

    void answerNo() {
        answer(stillborn ? "not added ChildNotStarted" : "not added ChildGone");
    }

    private void later(long nanos, Runnable job) {
        int mine = ++token;
        tree.world.time.schedule(
                () -> tree.run(() -> {
                    if (mine == token) {
                        job.run();
                        boss.push();
                    }
                }),
                nanos);
    }

    void start() {
        state = "STARTING";
        fate = "rest";
        killed = false;
        alone = false;
        upSince = -1;
        int mine = ++life;
        later(spec.startLimit(), this::startTooLong);
        if (spec.boss() != null) {
            Node below = tree
            .new Node(
                    spec.boss(),
                    path(),
                    () -> tree.run(() -> up(mine)),
                    failure -> tree.run(() -> over(mine, failure)));
            node = below;
            tree.run(below::begin);
            return;
        }
        puppet = null;
        News told = new News(mine);
        news = told;
        try {
            Supervised made = tree.world.puppet(path());
            puppet = made;
            made.start(told);
        } catch (Exception failure) {
            told.ended(failure);
        }
    }

    private void up(int mine) {
        if (mine == life && is("STARTING")) {
            nowUp();
            boss.push();
        }
    }

    private void nowUp() {
        state = "RUNNING";
        token++;
        everUp = true;
        upSince = tree.world.time.elapsedNanos();
        if (wanted) {
            answer("added");
        }
    }

    private void troubled(int mine, Throwable failure) {
        if (mine == life && is("RUNNING") && !boss.is("STOPPING")) {
            boss.trouble(this, failure);
            boss.push();
        }
    }

    private void over(int mine, @Nullable Throwable failure) {
        if (mine != life || !lives()) {
            return;
        }
        if (failure == null && is("STARTING")) {
            nowUp();
        }
        token++;
        if (is("STOPPING")) {
            settle();
        } else if (boss.is("STOPPING")) {
            fate = "rest";
            stillborn |= failure != null;
            last = failure == null ? last : failure;
            settle();
        } else {
            state = "ENDED";
            if (failure == null) {
                boss.orderly(this);
            } else if (everUp) {
                boss.trouble(this, failure);
            } else {
                boss.stillborn(this, failure);
            }
        }
        boss.push();
    }

    private void startTooLong() {
        kill();
        fate = "rest";
        if (boss.is("STOPPING")) {
            stillborn = true;
            last = new NaiveTree.StartTimedOut();
            return;
        }
        if (everUp) {
            boss.trouble(this, new NaiveTree.StartTimedOut());
        } else {
            boss.stillborn(this, new NaiveTree.StartTimedOut());
        }
    }

    /** Says what comes when it has ended, which it may have. */
    void settleAs(String next) {
        if (!lives()) {
            fate = next;
            settle();
            return;
        }
        if (!fate.equals("leave") && !fate.equals("freeze") || next.equals("leave")) {
            fate = next;
        }
        askToStop();
    }

    void askToStop() {
        if (is("STOPPING")) {
            return;
        }
        if (spec.stopLimit() == 0) {
            kill();
            return;
        }
        state = "STOPPING";
        later(spec.stopLimit(), this::kill);
        int mine = life;
        if (node != null) {
            Node below = node;
            tree.run(() -> below.end(false));
            return;
        }
        if (puppet == null || news.over) {
            return;
        }
        try {
            puppet.stop();
        } catch (Exception refused) {
            tree.run(() -> {
                if (mine == life && is("STOPPING") && !killed) {
                    kill();
                }
            });
        }
    }

    void killOnce() {
        if (!killed) {
            kill();
        }
    }

    void kill() {
        state = "STOPPING";
        killed = true;
        later(spec.killLimit(), this::settle);
        if (node != null) {
            Node below = node;
            tree.run(() -> below.end(true));
            return;
        }
        if (puppet == null) {
            return;
        }
        try {
            puppet.kill();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private void settle() {
        token++;
        if (fate.equals("leave") || spec.type() == ForestPlan.TEMPORARY || leaving > 0) {
            leave();
        } else if (boss.is("STOPPING")) {
            state = "ENDED";
        } else if (fate.equals("alone")) {
            state = "WAITING";
            alone = true;
            long left = wakeAt - tree.world.time.elapsedNanos();
            if (left <= 0) {
                start();
            } else {
                later(left, this::start);
            }
        } else {
            state = fate.equals("line") ? "WAITING" : fate.equals("freeze") ? "STOPPED" : "ENDED";
        }
    }

    void leave() {
        token++;
        state = "ENDED";
        boss.kids.remove(this);
        if (boss.line != null) {
            boss.line.remove(this);
        }
        if (wanted) {
            answerNo();
        }
        for (int i = 0; i < leaving; i++) {
            tree.world.note(path(), "removed");
        }
    }

    private final class News implements Supervised.Life {

        private final int mine;
        private boolean over;
        private boolean unjudged;

        News(int mine) {
            this.mine = mine;
        }

        @Override
        public void started() {
            tree.run(() -> up(mine));
        }

        @Override
        public void failing(Throwable failure) {
            if (!over && !unjudged) {
                unjudged = true;
                tree.run(() -> {
                    troubled(mine, failure);
                    unjudged = false;
                });
            }
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            if (!over) {
                over = true;
                tree.run(() -> over(mine, failure));
            }
        }
    }
}
