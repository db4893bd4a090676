package dev.streamipc.faults;

import dev.streamipc.channel.Eventually;
import java.nio.file.Files;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Parents that are killed with SIGKILL, and what becomes of their children. */
class OrphanTest {

    private static final int CHILDREN = Profile.current() == Profile.NIGHT ? 3 : 2;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final Rows ROWS = new Rows(OrphanTest.class);

    @Test
    void idleChildrenGo() throws Exception {
        ROWS.playRaw("parent.idle", 2, (combo, number) -> evidence -> {
            try (Family family = new Family(combo, CHILDREN, "", "")) {
                kill(family, "idle", CHILDREN, evidence);
            }
        });
    }

    @Test
    void busyChildrenGo() throws Exception {
        ROWS.playRaw("parent.busy", 2, (combo, number) -> evidence -> {
            try (Family family = new Family(combo, CHILDREN, "spin,hold", "")) {
                family.awaitMarks("handler", CHILDREN);
                evidence.proof("handlers", CHILDREN);
                kill(family, "busy", CHILDREN, evidence);
            }
        });
    }

    @Test
    void childrenWithChildrenGo() throws Exception {
        ROWS.playRaw("parent.grandchildren", 2, (combo, number) -> evidence -> {
            try (Family family = Family.withGrandchildren(combo, 2)) {
                kill(family, "grandchildren", 4, evidence);
            }
        });
    }

    @Test
    void stoppedChildrenGoOnceTheyGoOn() throws Exception {
        ROWS.playRaw("parent.stopped", 2, (combo, number) -> evidence -> {
            try (Family family = new Family(combo, CHILDREN, number % 2 == 1 ? "" : "hold", "")) {
                Set<Long> children = family.descendants();
                for (long child : children) {
                    Linux.signal("STOP", child);
                }
                Eventually.await("all are stopped", () -> children.stream().allMatch(pid -> Linux.state(pid) == 'T'));
                proveKill(family, CHILDREN, evidence);
                boolean wait = children.stream().allMatch(pid -> Linux.state(pid) == 'T');
                evidence.proof("state", wait ? "T" : "").require(wait, "a stopped child is gone before CONT");
                for (long child : children) {
                    Linux.signal("CONT", child);
                }
                requireGone(family, "stopped, then continued", evidence);
            }
        });
    }

    private static void kill(Family family, String state, int descendants, Evidence evidence) throws Exception {
        proveKill(family, descendants, evidence);
        requireGone(family, state, evidence);
    }

    private static void proveKill(Family family, int descendants, Evidence evidence) throws Exception {
        Set<Long> before = family.descendants();
        evidence.require(before.size() == descendants, "descendants=" + before);
        evidence.proof("parentPid", family.parentPid()).proof("descendants", before.size());
        int code = family.killParent();
        evidence.proof("exitCode", code).require(code == 137, "the parent ended otherwise: exitCode=" + code);
        evidence.count("parent kills", 1).count("children of killed parents", before.size());
    }

    private static void requireGone(Family family, String state, Evidence evidence) throws Exception {
        long since = System.nanoTime();
        Set<Long> left = family.awaitGone(LIMIT_NANOS);
        evidence.time("parent killed to last child gone, " + state + family.parentName(), System.nanoTime() - since);
        evidence.count("orphans", left.size());
        evidence.require(
                left.isEmpty(),
                "orphans=" + left + Files.readString(family.folder().resolve("stderr")));
    }
}
