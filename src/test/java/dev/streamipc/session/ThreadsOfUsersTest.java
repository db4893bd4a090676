package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.channel.NioChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users' threads and executors do, or have done to them, harms no call. */
@Timeout(30)
class ThreadsOfUsersTest {

    private static IpcPeer.Builder builder() {
        return IpcPeer.builder().messages(Samples.ALL).closeLimit(Duration.ofMillis(500));
    }

    /** A channel that does not say what it holds, and knows who writes to it. */
    private record Watched(IpcChannel channel, Set<String> writers) implements IpcChannel {
        @Override
        public int read(ByteBuffer dst) throws IOException {
            return channel.read(dst);
        }

        @Override
        public void write(ByteBuffer src) throws IOException {
            writers.add(Thread.currentThread().getName().replaceFirst("session-.*", ""));
            channel.write(src);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void onlyAThreadOfItsOwnWritesWhereTheCapacityIsUnknown() {
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
        Watched right = new Watched(pair.right(), ConcurrentHashMap.newKeySet());
        try (IpcPeer peer = builder().build()) {
            IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
            IpcSession child = peer.createSession(right, Role.CHILD);
            child.onRequest(Ask.class, ask -> new Answer(ask.text()));
            child.start();
            for (int i = 0; i < 100; i++) {
                parent.call(new Ask("x"), CallOptions.DEFAULT.tellingStarted());
            }

            assertEquals(Set.of("streamipc-writer-"), right.writers());
        }
    }

    @Test
    void interruptThatAHandlerLeavesClosesNoNioChannel() throws Exception {
        Pipe down = Pipe.open();
        Pipe up = Pipe.open();
        try (IpcPeer peer = builder().build()) {
            IpcSession parent = peer.createSession(NioChannel.of(up.source(), down.sink()), Role.PARENT);
            IpcSession child = peer.createSession(NioChannel.of(down.source(), up.sink()), Role.CHILD);
            child.onRequest(Ask.class, ask -> {
                Thread.currentThread().interrupt();
                return new Answer(ask.text());
            });
            child.start();

            for (int i = 0; i < 3; i++) {
                assertEquals("x", parent.call(new Ask("x")).text());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"receive", "tick"})
    void handlerOfAPumpThatWaitsForMessagesGetsThem(String how) throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
        try (IpcPeer peer = builder().build()) {
            IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
            IpcSession child = peer.createSession(pair.right(), Role.CHILD);
            CountDownLatch entered = new CountDownLatch(1);
            AtomicBoolean noted = new AtomicBoolean();
            if (how.equals("tick")) {
                child.onMessage(Note.class, note -> noted.set(true));
            }
            child.onRequest(Ask.class, ask -> {
                entered.countDown();
                if (how.equals("tick")) {
                    child.tick(Duration.ofSeconds(10));
                } else {
                    noted.set(child.receive(Duration.ofSeconds(10)).isPresent());
                }
                return new Answer(Boolean.toString(noted.get()));
            });
            Thread pump = new Thread(child::serve, "test-pump");
            pump.setDaemon(true);
            pump.start();

            CompletableFuture<Answer> call = parent.request(new Ask("x"));
            assertTrue(entered.await(10, TimeUnit.SECONDS));
            parent.notify(new Note(1));

            assertEquals("true", call.get(5, TimeUnit.SECONDS).text());
        }
    }

    @Test
    void sideIsReadWhileAThreadThatTicksRunsAHandlerInThePlaceOfThePump() throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
        CountDownLatch go = new CountDownLatch(1);
        try (IpcPeer peer = builder().build()) {
            IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
            IpcSession child = peer.createSession(pair.right(), Role.CHILD);
            child.onRequest(Ask.class, ask -> {
                if (ask.text().equals("block")) {
                    go.await();
                }
                return new Answer(ask.text());
            });
            started("pump", child::serve);
            parent.call(new Ask("the pump reads"));
            Thread ticker = started("ticker", () -> child.tick(Duration.ofHours(1)));
            while (ticker.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            CompletableFuture<Answer> blocked = parent.request(new Ask("block"));
            CompletableFuture<Answer> behind = parent.request(new Ask("behind"));

            parent.ping(Duration.ofSeconds(10)).join();

            assertFalse(blocked.isDone());
            go.countDown();
            assertEquals(new Answer("block"), blocked.join());
            assertEquals(new Answer("behind"), behind.join());
        }
    }

    private interface Driven {
        void run() throws InterruptedException;
    }

    private static Thread started(String name, Driven body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                },
                "test-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Test
    void closeInACallbackReturnsAtOnceOnAnExecutorOfTheUser() throws Exception {
        ExecutorService callbacks = Executors.newSingleThreadExecutor();
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536, true);
        try (IpcPeer peer = builder()
                        .closeLimit(Duration.ofMinutes(1))
                        .callbackExecutor(callbacks)
                        .build();
                FakeSide child = FakeSide.on(pair.right(), Role.CHILD)) {
            IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
            child.hello().ready("reader");
            CompletableFuture<Answer> call = parent.request(new Ask("x"));
            CompletableFuture<Void> closed = call.thenAccept(answer -> parent.close());
            child.send(
                    Kind.REPLY, 0, child.await(Kind.REQUEST).id(), FakeSide.typed(Answer.class, "{\"text\":\"done\"}"));

            closed.get(10, TimeUnit.SECONDS);
            child.await(Kind.GOODBYE);
        } finally {
            callbacks.shutdownNow();
        }
    }

    @Test
    void callbackExecutorThatThrowsKeepsNoCallOpen() throws Exception {
        Executor broken = task -> {
            throw new IllegalStateException("no more tasks");
        };
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536, true);
        try (IpcPeer peer = builder().callbackExecutor(broken).build();
                FakeSide child = FakeSide.on(pair.right(), Role.CHILD)) {
            IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
            child.hello().ready("reader");
            CompletableFuture<Answer> first = parent.request(new Ask("1"));
            CompletableFuture<Answer> second = parent.request(new Ask("2"));
            CompletableFuture<Void> both = CompletableFuture.allOf(first, second);
            child.await(Kind.REQUEST);
            pair.right().close();

            assertThrows(
                    CompletionException.class,
                    () -> both.orTimeout(10, TimeUnit.SECONDS).join());
            assertTrue(parent.awaitClosed(Duration.ofSeconds(10)));
            assertTrue(first.isDone() && second.isDone());
        }
    }

    @Test
    void sessionThatCouldNotBeMadeClosesItsChannel() throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
        try (IpcPeer peer = builder()
                .requestIds(() -> {
                    throw new IllegalStateException("no ids");
                })
                .build()) {
            assertThrows(IllegalStateException.class, () -> peer.createSession(pair.left(), Role.PARENT));

            CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> endOf(pair.right()));
            assertEquals(-1, end.get(10, TimeUnit.SECONDS));
        }
    }

    private static int endOf(MemoryChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Stands in for a machine that gives no more threads: to append works, to see to the writing does not. */
    private record NoThreads(Writer writer, AtomicBoolean isOut) implements Writer {
        @Override
        public void after(Next next) {
            // whatever it is to do: a writer that is still at work would be given nothing to do
            if (isOut.get()) {
                throw new OutOfMemoryError("no thread to be had");
            }
            writer.after(next);
        }

        @Override
        public void awaitRoom(long nanos) throws InterruptedException {
            writer.awaitRoom(nanos);
        }

        @Override
        public void awaitGone(long bytes, long nanos) {
            writer.awaitGone(bytes, nanos);
        }

        @Override
        public void end() {
            writer.end();
        }
    }

    private record ScarceThreads(AtomicBoolean isOut) implements Surroundings {
        @Override
        public Writer writer(String sessionName, Outbox outbox, IpcChannel channel, WriterHooks hooks) {
            return new NoThreads(JvmSurroundings.INSTANCE.writer(sessionName, outbox, channel, hooks), isOut);
        }

        @Override
        public Drive drive(String sessionName, Drive.Parts parts, Executor handlers, Drive.Hooks hooks) {
            return JvmSurroundings.INSTANCE.drive(sessionName, parts, handlers, hooks);
        }

        @Override
        public void run(String threadName, Runnable body) {
            JvmSurroundings.INSTANCE.run(threadName, body);
        }

        @Override
        public int salt() {
            return JvmSurroundings.INSTANCE.salt();
        }
    }

    @Test
    void cancelThatCantBeToldEndsTheCallAllTheSame() throws Exception {
        AtomicBoolean isOut = new AtomicBoolean();
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536, true);
        WatchedEnd end = new WatchedEnd(pair.left(), Optional.empty(), Optional.empty());
        Facts facts = new Facts(
                "scarce", Role.PARENT, end, Admission.FREE, builder().build().settings, new ScarceThreads(isOut));
        Conversation conversation = new Conversation(facts, orderly -> {});
        try (IpcSession parent = new IpcSession(facts, conversation);
                FakeSide child = FakeSide.on(pair.right(), Role.CHILD)) {
            conversation.open();
            child.hello().ready("reader");
            CompletableFuture<Answer> call = parent.request(new Ask("x"));
            child.await(Kind.REQUEST);
            isOut.set(true);

            assertThrows(OutOfMemoryError.class, () -> call.cancel(true));

            assertTrue(call.isCancelled());
            assertEquals(0, parent.stats().calls().inFlight());
            isOut.set(false);
        }
    }
}
