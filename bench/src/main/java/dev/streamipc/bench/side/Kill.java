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
import java.util.stream.IntStream;

/** From kill -9 of a child to the failure of its last open call. */
public final class Kill {

    private static final int KILLS = 7;
    private static final int BATCHES = 3;
    private static final int CALLS = 10;

    private Kill() {}

    /** Takes nothing. */
    public static void main(String[] words) throws Exception {
        try (IpcPeer peer = Echo.peer().build()) {
            Turns.answer(1, () -> {
                double[] millis = new double[BATCHES * KILLS];
                for (int batch = 0; batch < BATCHES; batch++) {
                    kill(spawn(peer), millis, batch * KILLS);
                }
                return millis;
            });
        }
    }

    /** Starts some at the same time, which is not measured. */
    private static List<IpcSession> spawn(IpcPeer peer) {
        Child program = Child.java(Echo.class).jvmOptions("-XX:TieredStopAtLevel=1");
        return IntStream.range(0, KILLS)
                .mapToObj(at -> CompletableFuture.supplyAsync(() -> {
                    IpcSession child = peer.spawn(program);
                    child.call(new Ask(1));
                    return child;
                }))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
    }

    private static void kill(List<IpcSession> children, double[] millis, int from) {
        for (int at = 0; at < children.size(); at++) {
            try (IpcSession child = children.get(at)) {
                millis[from + at] = killMillis(child);
            }
        }
    }

    private static double killMillis(IpcSession child) {
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
