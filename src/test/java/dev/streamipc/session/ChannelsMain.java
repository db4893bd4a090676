package dev.streamipc.session;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.process.Child;
import dev.streamipc.process.ChildChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * Measures the channels and prints the table of docs/CHANNELS.md: a lone call after the other, and messages of 1 MiB with some
 * in flight. The channels take turns, round by round, so that a machine that changes its pace changes it for all. With
 * the argument {@code child} it is the child.
 */
final class ChannelsMain {

    private static final int ROUNDS = 9;
    private static final int CALLS = 10_000;
    private static final int LOADS = 300;
    private static final int LOADS_IN_FLIGHT = 4;
    private static final int LOAD_BYTES = 1 << 20;
    private static final byte[] LOAD = new byte[LOAD_BYTES];

    record Small(int number) implements Request<Back> {}

    record Back(int number) implements Message {}

    record Up(byte[] bytes) implements Request<Back> {}

    record Down(int bytes) implements Request<Load> {}

    record Load(byte[] bytes) implements Message {}

    private ChannelsMain() {}

    public static void main(String[] args) {
        try (IpcPeer peer = builder().build();
                IpcPeer quick = builder().lowLatency().build()) {
            if (args.length > 0) {
                IpcSession session = peer.createStdioSession();
                answer(session);
                session.serve();
            } else {
                print(sessions(peer, quick));
            }
        }
    }

    private static IpcPeer.Builder builder() {
        return IpcPeer.builder().messages(Small.class, Up.class, Down.class);
    }

    private static void answer(IpcSession session) {
        session.onRequest(Small.class, small -> new Back(small.number()));
        session.onRequest(Up.class, up -> new Back(up.bytes().length));
        session.onRequest(Down.class, down -> new Load(LOAD));
    }

    private static Map<String, IpcSession> sessions(IpcPeer peer, IpcPeer quick) {
        Map<String, IpcSession> sessions = new LinkedHashMap<>();
        Child child = Child.java(ChannelsMain.class).arguments("child");
        sessions.put("stdio", peer.spawn(child));
        sessions.put("Unix socket", peer.spawn(child.over(ChildChannel.UNIX_SOCKET)));
        sessions.put("shared memory", peer.spawn(child.sharedMemory()));
        sessions.put("shared memory, `lowLatency()` of the parent", quick.spawn(child.sharedMemory()));
        MemoryChannel.Pair pair = MemoryChannel.pair(64 << 10);
        IpcSession worker = peer.createSession(pair.right(), Role.CHILD);
        answer(worker);
        worker.start();
        sessions.put("in-memory pair", peer.createSession(pair.left(), Role.PARENT));
        return sessions;
    }

    private static void print(Map<String, IpcSession> sessions) {
        Map<String, double[]> calls = measure(sessions, ChannelsMain::callMicros);
        Map<String, double[]> up = measure(sessions, session -> megabytesPerSecond(session, new Up(LOAD)));
        Map<String, double[]> down = measure(sessions, session -> megabytesPerSecond(session, new Down(LOAD_BYTES)));
        System.out.println("| channel | round trip p50, us | 1 MiB to the child, MB/s | 1 MiB from the child, MB/s |");
        System.out.println("|---|---|---|---|");
        for (String channel : sessions.keySet()) {
            System.out.println("| " + channel + " | " + spread(calls.get(channel), 1) + " | "
                    + spread(up.get(channel), 0) + " | " + spread(down.get(channel), 0) + " |");
        }
    }

    /** The first round warms up and does not count. */
    private static Map<String, double[]> measure(
            Map<String, IpcSession> sessions, ToDoubleFunction<IpcSession> measured) {
        Map<String, double[]> figures = new LinkedHashMap<>();
        for (int round = -1; round < ROUNDS; round++) {
            for (Map.Entry<String, IpcSession> session : sessions.entrySet()) {
                double figure = measured.applyAsDouble(session.getValue());
                if (round >= 0) {
                    figures.computeIfAbsent(session.getKey(), name -> new double[ROUNDS])[round] = figure;
                }
            }
        }
        return figures;
    }

    private static double callMicros(IpcSession session) {
        LongStream.Builder nanos = LongStream.builder();
        for (int i = 0; i < CALLS; i++) {
            long start = System.nanoTime();
            session.call(new Small(i));
            nanos.add(System.nanoTime() - start);
        }
        return nanos.build().sorted().toArray()[CALLS / 2] / 1e3;
    }

    private static double megabytesPerSecond(IpcSession session, Request<? extends Message> request) {
        long start = System.nanoTime();
        Queue<CompletableFuture<?>> open = new ArrayDeque<>();
        for (int i = 0; i < LOADS; i++) {
            if (open.size() == LOADS_IN_FLIGHT) {
                open.remove().join();
            }
            open.add(session.request(request));
        }
        open.forEach(CompletableFuture::join);
        return 1e3 * LOADS * LOAD_BYTES / (System.nanoTime() - start);
    }

    /** The median of the rounds, and the lowest and the highest. */
    private static String spread(double[] rounds, int digits) {
        double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        List<Double> shown = List.of(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
        String format = "%,." + digits + "f";
        return String.format(Locale.ROOT, format + " (" + format + " to " + format + ")", shown.toArray());
    }
}
