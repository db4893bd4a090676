package dev.streamipc.bench.side;

import dev.streamipc.bench.side.Echo.Ask;
import dev.streamipc.dispatch.Dispatcher;
import dev.streamipc.message.Attachment;
import dev.streamipc.process.Child;
import dev.streamipc.process.ChildChannel;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Limits;
import java.util.List;
import java.util.Locale;

/** How cost grows with calls in flight, sessions, bytes and workers: a line a measurement, and the straight line that fits. */
public final class Growth {

    private static final int WARM_ROUNDS = 6;
    private static final int ROUNDS = 5;
    private static final int QUEUE = 16_384;

    private Growth() {}

    /** One measurement of a round's length. */
    private interface Round {
        double measure() throws Exception;
    }

    /** Takes what grows: inflight, sessions, stdio, unix or workers; all of them if it is not named. */
    public static void main(String[] words) throws Exception {
        for (String what :
                words.length == 0 ? List.of("inflight", "sessions", "stdio", "unix", "workers") : List.of(words)) {
            Line line = new Line(what);
            switch (what) {
                case "inflight" -> inFlight(line);
                case "sessions" -> sessions(line);
                case "stdio" -> bytes(line, ChildChannel.STDIO);
                case "unix" -> bytes(line, ChildChannel.UNIX_SOCKET);
                case "workers" -> workers(line);
                default ->
                    throw new IllegalArgumentException("usage: bench/scale [inflight|sessions|stdio|unix|workers]...");
            }
            line.print();
        }
    }

    /** Microseconds that a request takes when so many are open all the time, by Little's law. */
    private static void inFlight(Line line) throws Exception {
        try (IpcPeer peer = Echo.peer()
                .limits(Limits.DEFAULT.withMaxCalls(200_000).withMaxInbound(200_000, 512L << 20))
                .build()) {
            IpcSession child = peer.spawn(Child.java(Echo.class));
            for (int open : new int[] {1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 60_000}) {
                double perSecond = best(() -> Timing.perSecond(open, number -> child.request(new Ask(number))));
                line.add(open, "open", open * 1e6 / perSecond, "us", perSecond, "requests/s");
            }
        }
    }

    /** Microseconds of all cores' work a request, with so many sessions to one other process. */
    private static void sessions(Line line) throws Exception {
        for (int count : new int[] {1, 3, 10, 30, 100, 300}) {
            try (Visitors visitors = Visitors.of(count)) {
                double perSecond = best(() -> ManySessions.perSecond(visitors.sessions));
                line.add(count, "sessions", 1e6 / perSecond, "us", perSecond, "requests/s");
            }
        }
    }

    /** Microseconds of a call that brings so many bytes to the child. */
    private static void bytes(Line line, ChildChannel channel) throws Exception {
        int most = Attachments.BYTES;
        try (IpcPeer peer = IpcPeer.builder()
                .messages(Attachments.Up.class, Attachments.Down.class)
                .limits(Limits.DEFAULT.withMaxPayloadBytes(most + (1 << 20)))
                .build()) {
            IpcSession child =
                    peer.spawn(Child.java(Attachments.class).arguments("child").over(channel));
            for (int size = 64; size <= most; size *= 4) {
                Attachment load = Attachment.of(new byte[size]);
                double micros = -best(() -> -Timing.p50Micros(() -> child.call(new Attachments.Up(load))));
                line.add(size, "bytes", micros, "us", size / micros / 1e3, "GB/s");
            }
        }
    }

    /** Microseconds a no-op task, on so many JVM workers. */
    private static void workers(Line line) throws Exception {
        for (int count : new int[] {1, 2, 4, 8, 16, 32, 64}) {
            try (Dispatcher pool =
                    Noop.pool().workers(count).prefetch(16).queueCapacity(QUEUE).build()) {
                double perSecond = best(() -> Noop.tasksPerSecond(pool));
                line.add(count, "workers", 1e6 / perSecond, "us", perSecond, "tasks/s");
            }
        }
    }

    /** The best round: what the machine can do, undisturbed. */
    private static double best(Round round) throws Exception {
        double best = Double.NEGATIVE_INFINITY;
        for (int at = 0; at < WARM_ROUNDS + ROUNDS; at++) {
            double seen = round.measure();
            best = at < WARM_ROUNDS ? best : Math.max(best, seen);
        }
        return best;
    }

    /** Points, and the line through them that errs least in per cent. */
    private static final class Line {

        private final String name;
        private double w;
        private double wx;
        private double wy;
        private double wxx;
        private double wxy;

        Line(String name) {
            this.name = name;
        }

        void add(double x, String ofX, double y, String ofY, double rate, String ofRate) {
            double weight = 1 / (y * y);
            w += weight;
            wx += weight * x;
            wy += weight * y;
            wxx += weight * x * x;
            wxy += weight * x * y;
            System.out.println(String.format(
                    Locale.ROOT, "SCALE %s %s=%.0f %s=%.4g rate=%.4g unit=%s", name, ofX, x, ofY, y, rate, ofRate));
        }

        void print() {
            double slope = (w * wxy - wx * wy) / (w * wxx - wx * wx);
            System.out.println(
                    String.format(Locale.ROOT, "MODEL %s us = %.4g + %.4g * x", name, (wy - slope * wx) / w, slope));
        }
    }
}
