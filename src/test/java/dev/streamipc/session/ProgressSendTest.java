package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Message;
import dev.streamipc.message.Rejected;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Blob;
import dev.streamipc.session.Samples.Note;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The progress that a handler sends, frame by frame. */
@Timeout(30)
class ProgressSendTest {

    private static final long ID = Long.MIN_VALUE | 1;
    private static final int MAX_OUTBOUND_BYTES = 4_000;

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .limits(Limits.DEFAULT.withMaxOutboundBytes(MAX_OUTBOUND_BYTES))
            .build();
    private final MemoryChannel.Pair pair = MemoryChannel.pair(4_096, true);
    private final IpcSession session = peer.createSession(pair.left(), Role.PARENT);
    private final FakeSide caller = FakeSide.deaf(pair.right(), Role.CHILD);

    @AfterEach
    void close() throws Exception {
        caller.close();
        peer.close();
    }

    private void ask(int flags) throws Exception {
        caller.hello().ready("reader");
        session.start();
        caller.send(Kind.REQUEST, flags, ID, FakeSide.asked(Ask.class, -1, "{\"text\":\"x\"}"));
    }

    private static int number(FakeSide.Seen progress) {
        String text = progress.text();
        return Integer.parseInt(text.substring(text.indexOf(':') + 1, text.length() - 1));
    }

    @Test
    void updatesLeaveInOrderBeforeTheAnswer() throws Exception {
        session.onRequest(Ask.class, (ask, context) -> {
            context.progress(new Note(1));
            context.progress(new Note(2));
            return new Answer("done");
        });
        caller.read();
        ask(Flags.WANT_PROGRESS);

        for (int i = 1; i <= 2; i++) {
            FakeSide.Seen update = caller.await(Kind.PROGRESS);
            assertEquals(ID, update.id());
            assertEquals(Flags.PAYLOAD_CRC, update.flags());
            assertEquals(
                    FakeSide.number(Note.class),
                    ByteBuffer.wrap(update.payload()).getShort());
            assertEquals("{\"number\":" + i + "}", body(update, 2));
        }
        assertEquals(Kind.REPLY, caller.next().kind());
    }

    private static String body(FakeSide.Seen frame, int headBytes) {
        int bytes = frame.payload().length - headBytes;
        return new String(frame.payload(), headBytes, bytes, StandardCharsets.UTF_8);
    }

    @Test
    void nothingLeavesIfNobodyListens() throws Exception {
        session.onRequest(Ask.class, (ask, context) -> {
            context.progress(new Note(1));
            return new Answer("done");
        });
        caller.read();
        ask(Flags.WANT_STARTED);

        caller.await(Kind.STARTED);
        assertEquals(Kind.REPLY, caller.next().kind());
    }

    @Test
    void nothingLeavesBehindTheAnswer() throws Exception {
        CompletableFuture<RequestContext> kept = new CompletableFuture<>();
        session.onRequest(Ask.class, (ask, context) -> {
            context.progress(new Note(1));
            kept.complete(context);
            return new Answer("done");
        });
        caller.read();
        ask(Flags.WANT_PROGRESS);
        caller.await(Kind.REPLY);

        kept.join().progress(new Note(2));

        caller.send(Kind.PING, 0, ID, new byte[0]);
        assertEquals(Kind.PONG, caller.next().kind());
    }

    @Test
    void nothingLeavesBehindTheAnswerHoweverManyThreadsTell() throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        List<Thread> telling = new ArrayList<>();
        session.onRequest(Ask.class, (ask, context) -> {
            CountDownLatch told = new CountDownLatch(2);
            for (int i = 0; i < 2; i++) {
                telling.add(new Thread(() -> {
                    while (stop.getCount() > 0) {
                        context.progress(new Note(1));
                        told.countDown();
                    }
                }));
            }
            telling.forEach(Thread::start);
            told.await();
            return new Answer("done");
        });
        caller.read();
        ask(Flags.WANT_PROGRESS);
        caller.await(Kind.PROGRESS);
        caller.await(Kind.REPLY);

        caller.send(Kind.PING, 0, ID, new byte[0]);
        assertEquals(Kind.PONG, caller.next().kind());
        stop.countDown();
        for (Thread thread : telling) {
            thread.join();
        }
    }

    @Test
    void nothingLeavesOnceTheCallerHasGone() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        session.onRequest(Ask.class, (ask, context) -> {
            entered.countDown();
            cancelled.await();
            context.progress(new Note(1));
            return new Answer("done");
        });
        caller.read();
        ask(Flags.WANT_PROGRESS);
        assertTrue(entered.await(10, TimeUnit.SECONDS));
        caller.send(Kind.CANCEL, ID, "");
        caller.send(Kind.PING, 0, ID, new byte[0]);
        caller.await(Kind.PONG);
        cancelled.countDown();

        assertEquals(Kind.REPLY, caller.next().kind());
    }

    @Test
    void latestUpdateWinsWhereThereIsNoRoomAndTheCallerIsToldHowManyWereLeftOut() throws Exception {
        int count = 10_000;
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        session.onRequest(Ask.class, (ask, context) -> {
            for (int i = 1; i <= count; i++) {
                context.progress(new Note(i));
            }
            told.countDown();
            release.await();
            return new Answer("done");
        });
        ask(Flags.WANT_PROGRESS);
        assertTrue(told.await(10, TimeUnit.SECONDS));
        caller.read();

        int seen = 0;
        int leftOutInAll = 0;
        int last = 0;
        while (last < count) {
            FakeSide.Seen update = caller.await(Kind.PROGRESS);
            boolean isMerged = (update.flags() & Flags.MERGED) != 0;
            int leftOut = isMerged ? ByteBuffer.wrap(update.payload()).getInt(2) : 0;
            assertEquals(isMerged, leftOut > 0);
            assertEquals(last + 1 + leftOut, number(update));
            last = number(update);
            seen++;
            leftOutInAll += leftOut;
        }
        release.countDown();

        assertEquals(count, seen + leftOutInAll);
        assertTrue(seen < count / 2, "seen=" + seen);
        assertEquals(Kind.REPLY, caller.await(Kind.REPLY).kind());
    }

    @Test
    void updateThatStillWaitsAtTheEndLeavesBeforeTheAnswer() throws Exception {
        int count = 1_000;
        CountDownLatch counted = new CountDownLatch(1);
        session.onRequest(Ask.class, (ask, context) -> {
            for (int i = 1; i <= count; i++) {
                context.progress(new Note(i));
            }
            counted.countDown();
            return new Answer("done");
        });
        ask(Flags.WANT_PROGRESS);
        assertTrue(counted.await(10, TimeUnit.SECONDS));
        caller.read();

        int last = 0;
        FakeSide.Seen frame = caller.next();
        while (frame.kind() != Kind.REPLY) {
            last = frame.kind() == Kind.PROGRESS ? number(frame) : last;
            frame = caller.next();
        }

        assertEquals(count, last);
    }

    @Test
    void updateThatCannotBeSentIsRefusedWhereItIsMade() throws Exception {
        CompletableFuture<Rejected> unknown = new CompletableFuture<>();
        CompletableFuture<Rejected> tooLarge = new CompletableFuture<>();
        session.onRequest(Ask.class, (ask, context) -> {
            unknown.complete(assertThrows(Rejected.class, () -> context.progress(new Stranger())));
            tooLarge.complete(assertThrows(Rejected.class, () -> context.progress(new Blob(new byte[2 << 20]))));
            return new Answer("done");
        });
        caller.read();
        ask(Flags.WANT_PROGRESS);
        caller.await(Kind.READY);

        assertEquals(Kind.REPLY, caller.next().kind());
        assertEquals(Rejected.Reason.NOT_REGISTERED, unknown.join().reason());
        assertEquals(Rejected.Reason.TOO_LARGE, tooLarge.join().reason());
    }

    private record Stranger() implements Message {}
}
