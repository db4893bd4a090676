package dev.streamipc.faults;

import dev.streamipc.channel.Eventually;
import dev.streamipc.dispatch.WorkerMain;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A parent with a full pool that is killed with SIGKILL, and what becomes of its workers. */
@Timeout(300)
class PoolOrphanTest {

    private static final String NAME = "STREAMIPC_POOL";
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final Rows ROWS = new Rows(PoolOrphanTest.class);

    @Test
    void theWorkersOfAKilledParentGo() throws Exception {
        ROWS.playRaw("pool.parent-killed", 2, (combo, number) -> evidence -> {
            Path folder = Launchpad.caseFolder();
            try {
                kill(combo, folder, evidence);
            } finally {
                Launchpad.delete(folder);
            }
        });
    }

    private static void kill(Combo combo, Path folder, Evidence evidence) throws Exception {
        String mark = UUID.randomUUID().toString();
        List<String> words = combo.child().equals("python")
                ? Pools.python("")
                : Launchpad.jvm(WorkerMain.class, List.of(), PoolWorker.class.getName());
        ProcessBuilder builder =
                Launchpad.builder(Launchpad.jvm(PoolParent.class, List.of(), words.toArray(String[]::new)), folder);
        builder.environment().put(NAME, mark);
        builder.environment().put(PoolLedger.FILE, folder.resolve(Pools.LEDGER).toString());
        builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        Process parent = builder.start();
        try {
            Eventually.await(
                    "all workers work",
                    () -> PoolLedger.read(folder.resolve(Pools.LEDGER)).lines().size() == PoolParent.WORKERS);
            evidence.proof("parentPid", parent.pid())
                    .proof("workers", workers(mark, parent).size());
            evidence.require(workers(mark, parent).size() >= PoolParent.WORKERS, "workers are missing");
            parent.destroyForcibly();
            evidence.proof("exitCode", parent.waitFor());
            requireGone(mark, parent, evidence);
        } finally {
            parent.destroyForcibly().onExit().join();
            for (long pid : workers(mark, parent)) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    private static Set<Long> workers(String mark, Process parent) throws Exception {
        Set<Long> all = Linux.processesWith(NAME + "=" + mark);
        all.remove(parent.pid());
        return all;
    }

    private static void requireGone(String mark, Process parent, Evidence evidence) throws Exception {
        long since = System.nanoTime();
        Set<Long> left = workers(mark, parent);
        while (!left.isEmpty() && System.nanoTime() - since < LIMIT_NANOS) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            left = workers(mark, parent);
        }
        evidence.time("parent of a full pool killed to last worker gone", System.nanoTime() - since);
        evidence.count("orphans", left.size()).require(left.isEmpty(), "orphans=" + left);
    }
}
