package dev.streamipc.bench.side;

import dev.streamipc.bench.side.Echo.Ask;
import dev.streamipc.message.ChildDied;
import dev.streamipc.process.Child;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** From kill -9 of a child to the failure of its last open call. */
public final class Kill {

    private static final int KILLS = 21;
    private static final int CALLS = 10;

    private Kill() {}

    /** Takes nothing. */
    public static void main(String[] words) throws Exception {
        try (IpcPeer peer = Echo.peer().build()) {
            Child program = Child.java(Echo.class).jvmOptions("-XX:TieredStopAtLevel=1");
            once(peer, program);
            once(peer, program);
            Turns.answer(0, () -> {
                double[] millis = new double[KILLS];
                for (int at = 0; at < KILLS; at++) {
                    millis[at] = once(peer, program);
                }
                return millis;
            });
        }
    }

    private static double once(IpcPeer peer, Child program) {
        try (IpcSession child = peer.spawn(program)) {
            child.call(new Ask(1));
            List<CompletableFuture<?>> calls = new ArrayList<>();
            for (int at = 0; at < CALLS; at++) {
                calls.add(child.request(new Ask(-1)));
            }
            ProcessHandle process = child.process().orElseThrow();
            long start = System.nanoTime();
            process.destroyForcibly();
            calls.forEach(Kill::requireDeath);
            return (System.nanoTime() - start) / 1e6;
        }
    }

    private static void requireDeath(CompletableFuture<?> call) {
        try {
            call.join();
            throw new IllegalStateException("a call was answered by a dead child");
        } catch (CompletionException failed) {
            if (!(failed.getCause() instanceof ChildDied)) {
                throw new IllegalStateException("a call failed otherwise", failed);
            }
        }
    }
}
