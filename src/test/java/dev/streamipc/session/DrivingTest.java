package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.Rejected;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who reads, who runs what, on executors and threads of the user's. */
@Timeout(30)
class DrivingTest {

    private final List<IpcPeer> peers = new ArrayList<>();
    private final MemoryChannel.Pair pair = MemoryChannel.pair(65_536);

    @AfterEach
    void close() {
        peers.forEach(IpcPeer::close);
    }

    private IpcPeer.Builder builder() {
        return IpcPeer.builder()
                .messages(Samples.ALL)
                .deadline(Duration.ofSeconds(5))
                .closeLimit(Duration.ofMillis(500));
    }

    private IpcSession session(IpcPeer.Builder builder, IpcChannel channel, Role role) {
        IpcPeer peer = builder.build();
        peers.add(peer);
        return peer.createSession(channel, role);
    }

    private IpcSession parent() {
        return session(builder(), pair.left(), Role.PARENT);
    }

    private IpcSession child(IpcPeer.Builder builder) {
        return session(builder, pair.right(), Role.CHILD);
    }

    private static Throwable failureOf(CompletableFuture<?> call) {
        return assertThrows(CompletionException.class, call::join).getCause();
    }

    @Test
    void executorThatRunsNothingYetDoesNotLiftTheBound() {
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        IpcSession parent = parent();
        IpcSession child =
                child(builder().handlerExecutor(tasks::add).limits(Limits.DEFAULT.withMaxInbound(10, 1 << 20)));
        child.onRequest(Ask.class, ask -> new Answer(ask.text()));
        child.onMessage(Note.class, note -> {});
        child.start();
        List<CompletableFuture<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(parent.request(new Ask(Integer.toString(i))));
            parent.notify(new Note(i));
            parent.flush(Duration.ofSeconds(5));
        }

        Rejected full = assertInstanceOf(Rejected.class, failureOf(calls.get(99)));

        assertEquals(Rejected.Reason.QUEUE_FULL, full.reason());
        assertTrue(tasks.size() <= 10, "tasks=" + tasks.size());
        tasks.forEach(Runnable::run);
        assertEquals("0", calls.get(0).join().text());
    }

    @Test
    void requestThatTheExecutorRejectsIsRefusedAtOnce() {
        IpcSession parent = parent();
        IpcSession child = child(builder().handlerExecutor(task -> {
            throw new RejectedExecutionException("shut down");
        }));
        child.onRequest(Ask.class, ask -> new Answer(ask.text()));
        child.start();

        Rejected full = assertInstanceOf(Rejected.class, failureOf(parent.request(new Ask("x"))));

        assertEquals(Rejected.Reason.QUEUE_FULL, full.reason());
        parent.flush(Duration.ofSeconds(5));
    }

    @Test
    void executorThatThrowsWhatItMustNotHarmsNoReader() {
        IpcSession parent = parent();
        IpcSession child = child(builder().handlerExecutor(task -> {
            throw new OutOfMemoryError("unable to create a thread");
        }));
        child.onRequest(Ask.class, ask -> new Answer(ask.text()));
        child.start();

        assertInstanceOf(Rejected.class, failureOf(parent.request(new Ask("x"))));
        parent.flush(Duration.ofSeconds(5));
    }

    @Test
    void pumpsHandlerMayWaitForACallThatAnotherThreadMakes() {
        IpcSession parent = parent();
        IpcSession child = child(builder());
        parent.onRequest(Ask.class, ask -> new Answer("back: " + ask.text()));
        child.onRequest(
                Ask.class,
                ask -> CompletableFuture.supplyAsync(() -> child.call(ask)).join());
        Thread pump = new Thread(child::serve, "test-pump");
        pump.setDaemon(true);
        pump.start();

        assertEquals("back: hi", parent.call(new Ask("hi")).text());
    }

    @Test
    void pumpsHandlerMayWaitForABarrierOfAnotherThread() {
        IpcSession parent = parent();
        IpcSession child = child(builder());
        child.onRequest(Ask.class, ask -> {
            CompletableFuture.runAsync(() -> child.flush(Duration.ofSeconds(4))).join();
            return new Answer(ask.text());
        });
        Thread pump = new Thread(child::serve, "test-pump");
        pump.setDaemon(true);
        pump.start();

        assertEquals("hi", parent.call(new Ask("hi")).text());
    }

    @Test
    void stepsBehindAComposedCallDoNotRunOnTheReader() throws Exception {
        IpcSession parent = parent();
        IpcSession child = child(builder());
        CountDownLatch composed = new CountDownLatch(1);
        child.onRequest(Ask.class, ask -> {
            if (ask.text().equals("2")) {
                composed.await(5, TimeUnit.SECONDS);
            }
            return new Answer(ask.text());
        });
        child.start();

        CompletableFuture<String> name = parent.request(new Ask("1"))
                .thenCompose(answer -> parent.request(new Ask("2")))
                .thenApply(answer -> Thread.currentThread().getName());
        CompletableFuture<String> ofCopy = parent.request(new Ask("2"))
                .copy()
                .thenApply(answer -> Thread.currentThread().getName());
        composed.countDown();

        assertFalse(name.join().contains("reader"), name.join());
        assertFalse(ofCopy.join().contains("reader"), ofCopy.join());
    }

    @Test
    void channelWhoseWriteThrowsWhatItMustNotEndsTheSession() {
        IpcSession parent = session(builder(), new BadWriter(pair.left()), Role.PARENT);

        Throwable failure = failureOf(parent.request(new Ask("x"), CallOptions.deadline(Duration.ofSeconds(20))));

        assertTrue(failure.getMessage().contains("direct memory"), failure.toString());
    }

    /** Its write throws an error, as one does that finds no memory outside the heap. */
    private record BadWriter(MemoryChannel behind) implements IpcChannel {

        @Override
        public int read(ByteBuffer dst) throws IOException {
            return behind.read(dst);
        }

        @Override
        public void write(ByteBuffer src) {
            throw new OutOfMemoryError("no direct memory");
        }

        @Override
        public void close() {
            behind.close();
        }
    }

    @Test
    void executorOfTheUsersRunsSeveralAtOnce() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        Executor threads = task -> new Thread(task, "test-pool").start();
        IpcSession parent = parent();
        IpcSession child = child(builder().handlerExecutor(threads));
        child.onRequest(Ask.class, ask -> {
            both.countDown();
            both.await(5, TimeUnit.SECONDS);
            return new Answer(ask.text());
        });
        child.start();

        CompletableFuture<Answer> first = parent.request(new Ask("1"));
        CompletableFuture<Answer> second = parent.request(new Ask("2"));

        assertEquals("12", first.join().text() + second.join().text());
        assertEquals(0, both.getCount());
    }

    @Test
    void slowPumpSeesACancelBehindWhatItHasRead() throws Exception {
        List<String> executed = new CopyOnWriteArrayList<>();
        IpcSession parent = parent();
        IpcSession child = child(builder());
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        child.onRequest(Ask.class, ask -> {
            executed.add(ask.text());
            entered.countDown();
            if (ask.text().equals("1")) {
                first.await();
            } else if (ask.text().equals("2")) {
                second.await();
            }
            return new Answer(ask.text());
        });
        List<CompletableFuture<Answer>> calls = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            calls.add(parent.request(new Ask("" + i)));
        }
        Thread pump = new Thread(child::serve, "test-pump");
        pump.setDaemon(true);
        pump.start();
        assertTrue(entered.await(5, TimeUnit.SECONDS));

        calls.subList(2, 5).forEach(call -> call.cancel(false));
        long slow = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10);
        while (System.nanoTime() < slow) {
            Thread.onSpinWait();
        }
        first.countDown();
        parent.flush(Duration.ofSeconds(5));
        second.countDown();
        parent.call(new Ask("6"));

        assertEquals(List.of("1", "2", "6"), executed);
    }
}
