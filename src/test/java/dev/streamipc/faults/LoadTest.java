package dev.streamipc.faults;

import static dev.streamipc.message.Certainty.EXECUTED;
import static dev.streamipc.message.Certainty.MAYBE_EXECUTED;
import static dev.streamipc.message.Certainty.NOT_EXECUTED;

import dev.streamipc.channel.Eventually;
import dev.streamipc.faults.Calls.Done;
import dev.streamipc.faults.Calls.Work;
import dev.streamipc.message.ChildDied;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many calls, many children, and few file descriptors. */
class LoadTest {

    private static final int CALLS = 10_000;
    private static final int CHILDREN = 200;
    private static final long ONE_SECOND_NANOS = 1_000_000_000L;

    private static final String FEW_IN_JAVA = "start failed: too few file descriptors are left, .*";
    private static final String NONE_IN_JAVA =
            "start failed: file descriptors can't be counted; perhaps none is left.*";
    private static final String NONE_FOR_MEMORY =
            "start failed: no shared memory for the child: .*Too many open files.*";
    private static final String NONE_IN_PYTHON = "start failed: the program can't be run: .*Too many open files.*";

    private static final Rows ROWS = new Rows(LoadTest.class);

    @Test
    void everyOfTenThousandCallsHasItsOutcome() throws Exception {
        ROWS.play("load.calls", stage -> {
            stage.spawnWarm();
            Asked running = stage.ask("hold");
            stage.awaitMark("handler");
            List<Asked> calls = IntStream.range(0, CALLS)
                    .mapToObj(each -> stage.ask("echo", "fill", CallOptions.DEFAULT))
                    .toList();
            long open = calls.stream().filter(call -> !call.isSettled()).count();
            stage.evidence.proof("openCalls", open).require(open == CALLS, "open=" + open);
            stage.kill();
            stage.settle(false);
            stage.evidence.time("crash to last failure, 10,000 calls", stage.lastOutcomeNanos());
            stage.proveSignal("SIGKILL");
            stage.expect(running, ChildDied.class, EXECUTED);
            calls.forEach(call -> stage.expect(call, ChildDied.class, MAYBE_EXECUTED, NOT_EXECUTED));
        });
    }

    @Test
    void aParentWithoutDescriptorsServesOnAndRecovers() throws Exception {
        ROWS.playRaw("load.descriptors", 2, (combo, number) -> evidence -> {
            List<Path> before = Homes.unowned();
            try (Family family = new Family(combo, 1, "", "")) {
                evidence.require(family.order("call").equals("ok"), "no answer before");
                int open = Linux.descriptors(family.parentPid());
                // a few, but not enough to start a process safely; Python starts one with any eight
                int few = combo.isOfPython() ? number % 8 : 20;
                String limits = Linux.limitDescriptors(family.parentPid(), Integer.toString(open + few));
                refuses(family, combo.isOfPython() ? NONE_IN_PYTHON : FEW_IN_JAVA, evidence);
                Linux.limitDescriptors(family.parentPid(), Integer.toString(open));
                evidence.proof("pid", family.parentPid()).proof("openDescriptors", open);
                refuses(family, none(combo), evidence);
                Linux.limitDescriptors(family.parentPid(), limits);
                long since = System.nanoTime();
                evidence.require(family.order("call").equals("ok"), "no answer with descriptors again");
                long nanos = System.nanoTime() - since;
                evidence.time("descriptors given back to next answer" + family.parentName(), nanos);
                evidence.require(nanos < ONE_SECOND_NANOS, "answered after ns=" + nanos);
                evidence.require(family.order("spawn").equals("ok"), "no start with descriptors again");
                Eventually.await("no folder is left without an owner", () -> before.containsAll(Homes.unowned()));
            }
        });
    }

    private static String none(Combo combo) {
        String inJava = combo.isOverMemory() ? NONE_FOR_MEMORY : NONE_IN_JAVA;
        return combo.isOfPython() ? NONE_IN_PYTHON : inJava;
    }

    private static void refuses(Family family, String text, Evidence evidence) throws Exception {
        evidence.require(family.order("call").equals("ok"), "no answer without descriptors");
        String refusal = family.order("spawn");
        // without what differs from machine to machine
        String told = refusal.replaceFirst("child: .*: ", "child: ")
                .replaceFirst("program=.*, cause", "cause")
                .replaceFirst(", command=.*", "");
        evidence.proof("spawn", told).require(refusal.matches(text), "spawn said: " + refusal);
        evidence.require(family.order("call").equals("ok"), "no answer behind a refused start");
    }

    @Test
    void manyChildrenLiveAtOnce() throws Exception {
        ROWS.playRaw("load.children", 1, (combo, number) -> evidence -> live(combo, evidence));
    }

    @Test
    void manyJvmsLiveAtOnce() throws Exception {
        ROWS.playRaw("load.jvms", 1, (combo, number) -> evidence -> live(combo, evidence));
    }

    private static void live(Combo combo, Evidence evidence) throws Exception {
        Path folder = Launchpad.caseFolder();
        ExecutorService starters = Executors.newFixedThreadPool(4);
        try (IpcPeer peer = FaultParent.peer(combo)) {
            List<Future<IpcSession>> starts = new ArrayList<>();
            for (int i = 0; i < CHILDREN; i++) {
                starts.add(
                        starters.submit(() -> peer.spawn(Launchpad.child(Launchpad.words(combo, folder, ""), folder))));
            }
            List<IpcSession> sessions = new ArrayList<>();
            for (Future<IpcSession> start : starts) {
                sessions.add(start.get());
            }
            converse(sessions, evidence);
        } finally {
            starters.shutdownNow();
            Launchpad.delete(folder);
        }
    }

    private static void converse(List<IpcSession> sessions, Evidence evidence) {
        List<CompletableFuture<Done>> calls = new ArrayList<>();
        for (int i = 0; i < sessions.size(); i++) {
            calls.add(sessions.get(i).request(new Work(i, "echo", "fill")));
        }
        Set<Long> pids = new HashSet<>();
        for (int i = 0; i < sessions.size(); i++) {
            evidence.require(calls.get(i).join().equals(new Done(i, "fill")), "another answer: child=" + i);
            evidence.answered();
            long pid = sessions.get(i).process().orElseThrow().pid();
            if (Linux.lives(pid)) {
                pids.add(pid);
            }
        }
        evidence.proof("livingChildren", pids.size()).require(pids.size() == CHILDREN, "living=" + pids.size());
    }
}
