package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.session.Streams.Count;
import dev.streamipc.session.Streams.Part;
import dev.streamipc.session.Streams.Sum;
import dev.streamipc.session.Streams.Total;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many streams at once in both directions, whatever drives the sessions and however little room there is. */
@Timeout(90)
class StreamCrowdTest {

    private static final int THREADS = 8;
    private static final int PARTS = 60;

    private static void answer(IpcSession session) {
        session.onStream(Count.class, (count, parts) -> {
            for (int i = 0; i < count.upTo(); i++) {
                parts.send(Streams.part(i, sizeOf(i, count.bytes())));
            }
        });
        session.onUpload(Sum.class, (sum, parts, context) -> {
            long total = 0;
            int next = 0;
            for (Part part : parts) {
                assertEquals(next++, part.number());
                total += part.number();
            }
            return new Total(total, next);
        });
        session.onRequest(Samples.Ask.class, ask -> new Samples.Answer(ask.text()));
    }

    /** Every seventh part leaves in chunks. */
    private static int sizeOf(int number, int bytes) {
        return number % 7 == 3 ? bytes : number % 50;
    }

    private static void streamAndUpload(IpcSession session) {
        int next = 0;
        for (Part part : session.stream(new Count(PARTS, 150_000))) {
            assertEquals(next, part.number());
            assertEquals(sizeOf(next, 150_000), part.bytes().length);
            next++;
        }
        assertEquals(PARTS, next);
        Upload<Part, Total> upload = session.upload(new Sum("crowd"));
        for (int i = 0; i < PARTS; i++) {
            assertTrue(upload.send(Streams.part(i, sizeOf(i, 150_000))));
        }
        assertEquals(new Total((long) PARTS * (PARTS - 1) / 2, PARTS), upload.finish());
        assertEquals("small", session.call(new Samples.Ask("small")).text());
    }

    private static void crowd(UnaryOperator<IpcPeer.Builder> settings, Executor pumps) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2 * THREADS);
        IpcPeer.Builder builder = IpcPeer.builder()
                .messages(Streams.ALL)
                .deadline(Duration.ofSeconds(60))
                .closeLimit(Duration.ofSeconds(2));
        try (IpcPeer left = settings.apply(builder).build();
                IpcPeer right = settings.apply(builder).build()) {
            MemoryChannel.Pair pair = MemoryChannel.pair(20_000, true);
            IpcSession parent = left.createSession(pair.left(), Role.PARENT);
            IpcSession child = right.createSession(pair.right(), Role.CHILD);
            for (IpcSession session : List.of(parent, child)) {
                answer(session);
                if (pumps == null) {
                    session.start();
                } else {
                    pumps.execute(session::serve);
                }
            }
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                IpcSession session = i % 2 == 0 ? parent : child;
                all.add(pool.submit(() -> streamAndUpload(session)));
                all.add(pool.submit(() -> streamAndUpload(session)));
            }
            for (Future<?> each : all) {
                each.get(70, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static void inThread(Runnable task) {
        Thread thread = new Thread(task, "pump");
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void streamsBothWaysKeepTheirPartsInOrder() throws Exception {
        crowd(settings -> settings, null);
    }

    @Test
    void twoPumpsStreamToEachOther() throws Exception {
        crowd(settings -> settings, StreamCrowdTest::inThread);
    }

    @Test
    void littleRoomIsEnough() throws Exception {
        crowd(
                settings -> settings.limits(Limits.DEFAULT
                                .withMaxCalls(2)
                                .withMaxOutboundBytes(1_000)
                                .withMaxInbound(1_000, 1_000_000))
                        .whenFull(WhenFull.WAIT),
                null);
    }

    @Test
    void twoPumpsWithLittleRoomStreamToEachOther() throws Exception {
        crowd(
                settings -> settings.limits(Limits.DEFAULT.withMaxCalls(3).withMaxOutboundBytes(1_000))
                        .whenFull(WhenFull.WAIT),
                StreamCrowdTest::inThread);
    }

    @Test
    void handlersOnAnExecutorOfTheUsersStream() throws Exception {
        ExecutorService handlers = Executors.newCachedThreadPool();
        ExecutorService callbacks = Executors.newSingleThreadExecutor();
        try {
            crowd(settings -> settings.handlerExecutor(handlers).callbackExecutor(callbacks), null);
        } finally {
            handlers.shutdownNow();
            callbacks.shutdownNow();
        }
    }

    @Test
    void handlerOfAPumpTakesAStreamOfItsAsker() throws Exception {
        try (IpcPeer left = IpcPeer.builder().messages(Streams.ALL).build();
                IpcPeer right = IpcPeer.builder().messages(Streams.ALL).build()) {
            MemoryChannel.Pair pair = MemoryChannel.pair(20_000, true);
            IpcSession parent = left.createSession(pair.left(), Role.PARENT);
            IpcSession child = right.createSession(pair.right(), Role.CHILD);
            answer(parent);
            child.onRequest(Samples.Ask.class, ask -> {
                streamAndUpload(child);
                return new Samples.Answer("done");
            });
            parent.start();
            inThread(child::serve);

            assertEquals("done", parent.call(new Samples.Ask("")).text());
        }
    }

    @Test
    void closeInsideAStreamsHandlerAndSubscriberDoesNotHang() throws Exception {
        for (int i = 0; i < 10; i++) {
            Streams pair = new Streams();
            CountDownLatch closed = new CountDownLatch(2);
            pair.answering.onStream(Count.class, (count, parts) -> {
                parts.send(Streams.part(0, 0));
                pair.answering.close();
                closed.countDown();
                parts.send(Streams.part(1, 0));
            });
            pair.answering.start();
            CompletableFuture<String> last = new CompletableFuture<>();
            pair.asking.stream(new Count(1, 0)).subscribe(new java.util.concurrent.Flow.Subscriber<>() {
                @Override
                public void onSubscribe(java.util.concurrent.Flow.Subscription given) {
                    given.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(Part part) {
                    if (part.number() == 1) {
                        pair.asking.close();
                        closed.countDown();
                    }
                }

                @Override
                public void onError(Throwable failure) {
                    last.complete("" + failure);
                }

                @Override
                public void onComplete() {
                    last.complete("complete");
                }
            });

            assertTrue(closed.await(10, TimeUnit.SECONDS), "closed");
            last.get(10, TimeUnit.SECONDS);
            pair.close();
        }
    }
}
