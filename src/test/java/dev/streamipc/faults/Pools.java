package dev.streamipc.faults;

import dev.streamipc.dispatch.ProcessDispatcher;
import dev.streamipc.dispatch.WorkerMain;
import dev.streamipc.process.Child;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Pools of the matrix: their workers write a ledger, and are found by the mark of all its processes. */
final class Pools {

    static final String LEDGER = "ledger";

    private Pools() {}

    /** Returns a pool with workers of a combo that append to the ledger in a folder. */
    static ProcessDispatcher.Builder builder(Combo combo, Path folder) {
        List<String> words = combo.child().equals("python")
                ? python("")
                : Launchpad.jvm(WorkerMain.class, List.of(), PoolWorker.class.getName());
        return builder(words, folder);
    }

    static ProcessDispatcher.Builder builder(List<String> words, Path folder) {
        Child child = Launchpad.child(words, folder)
                .environment(PoolLedger.FILE, folder.resolve(LEDGER).toString());
        return ProcessDispatcher.builder(child)
                .name("faults")
                .startLimit(Duration.ofSeconds(30))
                .closeLimit(Duration.ofSeconds(5));
    }

    /** Returns the words of a worker in Python with a fault at its start, none if that is empty. */
    static List<String> python(String fault) {
        try {
            Path script =
                    Path.of(Pools.class.getResource("/faults/pool_worker.py").toURI());
            return List.of(Launchpad.PYTHON, "-S", script.toString(), fault);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
