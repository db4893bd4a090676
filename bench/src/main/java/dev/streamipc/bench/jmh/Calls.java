package dev.streamipc.bench.jmh;

import dev.streamipc.bench.side.Echo;
import dev.streamipc.bench.side.Echo.Answer;
import dev.streamipc.bench.side.Echo.Ask;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Role;
import java.util.concurrent.SynchronousQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A whole call through memory, beside a number that goes to another thread and back. */
@State(Scope.Thread)
public class Calls {

    private static final int CAPACITY_BYTES = 64 << 10;

    private final SynchronousQueue<Integer> there = new SynchronousQueue<>();
    private final SynchronousQueue<Integer> back = new SynchronousQueue<>();
    private IpcPeer peer;
    private IpcSession parent;

    /** Made by JMH. */
    public Calls() {}

    /** Opens both ends. */
    @Setup
    public void setUp() {
        MemoryChannel.Pair pair = MemoryChannel.pair(CAPACITY_BYTES);
        peer = Echo.peer().build();
        IpcSession child = peer.createSession(pair.right(), Role.CHILD);
        child.onRequest(Ask.class, ask -> new Answer(ask.number()));
        child.start();
        parent = peer.createSession(pair.left(), Role.PARENT);
        daemon(this::echo);
    }

    private void echo() {
        try {
            while (true) {
                back.put(there.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void daemon(Runnable loop) {
        Thread thread = new Thread(loop);
        thread.setDaemon(true);
        thread.start();
    }

    /** Closes them. */
    @TearDown
    public void tearDown() {
        peer.close();
    }

    /** Measures. */
    @Benchmark
    public int call() {
        return parent.call(new Ask(1)).number();
    }

    /** Measures two changes of threads and nothing else. */
    @Benchmark
    public int handOver() throws InterruptedException {
        there.put(1);
        return back.take();
    }
}
