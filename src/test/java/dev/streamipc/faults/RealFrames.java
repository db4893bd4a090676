package dev.streamipc.faults;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Frames that two sessions really wrote to each other, cut out of what went over their channel. */
final class RealFrames {

    static final int PER_SERIALIZER = 100;

    private RealFrames() {}

    /**
     * A frame with what stood beside it in its stream.
     *
     * @param salt of its sender
     */
    record Found(Kind kind, byte[] bytes, int salt, byte[] before, byte[] after) {}

    /** Returns as many frames of each serializer, of every kind that sessions write. */
    static List<Found> all() throws Exception {
        List<Found> all = new ArrayList<>();
        for (Combo combo : List.of(Combo.KRYO_FAKE, Combo.JSON_FAKE)) {
            List<Found> said = conversation(combo);
            Map<Kind, Found> first = new EnumMap<>(Kind.class);
            said.forEach(found -> first.putIfAbsent(found.kind, found));
            List<Found> chosen = new ArrayList<>(first.values());
            said.stream().filter(found -> !first.containsValue(found)).forEach(chosen::add);
            all.addAll(chosen.subList(0, PER_SERIALIZER));
        }
        return all;
    }

    private static List<Found> conversation(Combo combo) throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 16, true);
        Tap left = new Tap(pair.left());
        Tap right = new Tap(pair.right());
        try (IpcPeer one = peer(combo);
                IpcPeer two = peer(combo)) {
            IpcSession parent = one.createSession(left, Role.PARENT);
            IpcSession child = two.createSession(right, Role.CHILD);
            // still in the buffer when it is taken back: the frame becomes a VOID
            parent.start();
            Eventually.await("the hello of the child is read", () -> left.reads.get() > 1);
            parent.request(new Talk.Ask("never sent")).cancel(true);
            talk(parent, child);
        }
        List<Found> found = new ArrayList<>(cut(left.written()));
        found.addAll(cut(right.written()));
        return found;
    }

    private static IpcPeer peer(Combo combo) {
        return IpcPeer.builder()
                .messages(Talk.ALL)
                .serializers(Talk.serializer(combo))
                .closeLimit(Duration.ofSeconds(1))
                .build();
    }

    private static void talk(IpcSession parent, IpcSession child) throws Exception {
        CompletableFuture<Talk.Answer> held = new CompletableFuture<>();
        CountDownLatch entered = new CountDownLatch(1);
        child.onRequest(Talk.Ask.class, (ask, context) -> {
            if (ask.text().equals("fail")) {
                throw new IllegalStateException("no");
            }
            if (ask.text().equals("hold")) {
                context.progress(new Talk.Note(1));
                entered.countDown();
                return held.join();
            }
            return new Talk.Answer(ask.text());
        });
        child.onMessage(Talk.Note.class, note -> {});
        parent.onMessage(Talk.Note.class, note -> {});
        child.start();
        CompletableFuture<?> hold = parent.request(
                new Talk.Ask("hold"), CallOptions.DEFAULT.tellingStarted().onProgress(Talk.Note.class, news -> {}));
        entered.await();
        hold.cancel(true);
        held.complete(new Talk.Answer("late"));
        parent.request(new Talk.Ask("fail")).handle((answer, thrown) -> thrown).join();
        child.request(new Talk.Ask("unhandled"))
                .handle((answer, thrown) -> thrown)
                .join();
        for (int i = 0; i < 60; i++) {
            parent.call(new Talk.Ask("question " + "x".repeat(i)));
            parent.notify(new Talk.Note(i * 1_000));
            child.notify(new Talk.Note(-i));
        }
        parent.flush(Duration.ofSeconds(5));
        child.flush(Duration.ofSeconds(5));
    }

    private static List<Found> cut(byte[] stream) {
        FoundFrames frames = FoundFrames.of(stream);
        List<byte[]> pieces = new ArrayList<>();
        for (int i = 0; i < frames.frames.size(); i++) {
            long end = i + 1 < frames.frames.size() ? frames.offsetsBytes.get(i + 1) : stream.length;
            pieces.add(Arrays.copyOfRange(stream, (int) (long) frames.offsetsBytes.get(i), (int) end));
        }
        byte[] neighbour = pieces.get(pieces.size() - 2);
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            byte[] before = i > 1 ? pieces.get(i - 1) : neighbour;
            byte[] after = i + 1 < pieces.size() ? pieces.get(i + 1) : neighbour;
            found.add(new Found(frames.frames.get(i).kind(), pieces.get(i), frames.salt(), before, after));
        }
        return found;
    }

    /** Hands everything on and keeps what was written. */
    private static final class Tap implements IpcChannel {

        private final IpcChannel real;
        private final AtomicInteger reads = new AtomicInteger();
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        Tap(IpcChannel real) {
            this.real = real;
        }

        @Override
        public int read(ByteBuffer dst) throws IOException {
            reads.incrementAndGet();
            return real.read(dst);
        }

        @Override
        public void write(ByteBuffer src) throws IOException {
            synchronized (written) {
                written.write(src.array(), src.arrayOffset() + src.position(), src.remaining());
            }
            real.write(src);
        }

        byte[] written() {
            synchronized (written) {
                return written.toByteArray();
            }
        }

        @Override
        public void close() throws IOException {
            real.close();
        }

        @Override
        public int capacityBytes() {
            return real.capacityBytes();
        }

        @Override
        public boolean mayCarryJunk() {
            return real.mayCarryJunk();
        }
    }
}
