package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The progress of a call as its caller hears it, frame by frame. */
@Timeout(30)
class ProgressTest {

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .closeLimit(Duration.ofMillis(500))
            .build();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private IpcSession parent;
    private FakeSide child;

    @BeforeEach
    void connect() throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 20, true);
        parent = peer.createSession(pair.left(), Role.PARENT);
        child = FakeSide.on(pair.right(), Role.CHILD);
        child.hello().ready("reader");
    }

    @AfterEach
    void close() throws Exception {
        child.close();
        peer.close();
    }

    private void hear(Progress<Note> update) {
        heard.add(update.message().number() + "+" + update.skipped());
    }

    private CompletableFuture<Answer> ask(CallOptions options) {
        return parent.request(new Ask("x"), options);
    }

    private CallOptions listening() {
        return CallOptions.DEFAULT.onProgress(Note.class, this::hear);
    }

    private void progress(long id, int number) throws Exception {
        child.send(Kind.PROGRESS, 0, id, FakeSide.typed(Note.class, "{\"number\":" + number + "}"));
    }

    private void reply(long id) throws Exception {
        child.send(Kind.REPLY, 0, id, FakeSide.typed(Answer.class, "{\"text\":\"done\"}"));
    }

    private static IpcFailure failureOf(CompletableFuture<?> call) {
        CompletionException failed = assertThrows(CompletionException.class, call::join);
        return assertInstanceOf(IpcFailure.class, failed.getCause());
    }

    /** Waits until all that the child has sent was read. */
    private void awaitRead() throws Exception {
        child.send(Kind.PING, 0, Long.MIN_VALUE | 1, new byte[0]);
        child.await(Kind.PONG);
    }

    @Test
    void updatesAreHeardInOrderAndTheCallCompletesBehindTheLast() throws Exception {
        CompletableFuture<Answer> call = ask(CallOptions.DEFAULT.onProgress(Note.class, update -> {
            heard.add(update.message().number() + " "
                    + Thread.currentThread().getName().replaceFirst("-session.*", ""));
        }));
        FakeSide.Seen request = child.await(Kind.REQUEST);
        assertTrue((request.flags() & Flags.WANT_PROGRESS) != 0);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            progress(request.id(), i);
            expected.add(i + " streamipc-callback");
        }
        reply(request.id());

        assertEquals("done", call.join().text());
        assertEquals(expected, heard);
    }

    @Test
    void callThatNobodyListensToAsksForNoProgressAndTakesNone() throws Exception {
        CompletableFuture<Answer> call = ask(CallOptions.DEFAULT);
        FakeSide.Seen request = child.await(Kind.REQUEST);
        assertEquals(0, request.flags() & Flags.WANT_PROGRESS);

        progress(request.id(), 1);
        reply(request.id());

        assertEquals("done", call.join().text());
    }

    @Test
    void mergedUpdatesSayHowManyWereLeftOut() throws Exception {
        CompletableFuture<Answer> call = ask(listening());
        long id = child.await(Kind.REQUEST).id();
        byte[] body = "{\"number\":7}".getBytes(StandardCharsets.UTF_8);
        byte[] payload = ByteBuffer.allocate(6 + body.length)
                .putShort(FakeSide.number(Note.class))
                .putInt(41)
                .put(body)
                .array();

        child.send(Kind.PROGRESS, Flags.MERGED, id, payload);
        progress(id, 8);
        reply(id);

        call.join();
        assertEquals(List.of("7+41", "8+0"), heard);
    }

    @Test
    void updateThatCannotBeReadIsLeftOutAndTheCallGoesOn() throws Exception {
        CompletableFuture<Answer> call = ask(listening());
        long id = child.await(Kind.REQUEST).id();

        child.send(Kind.PROGRESS, 0, id, FakeSide.typed(Note.class, "{\"number\":"));
        child.send(Kind.PROGRESS, 0, id, new byte[] {1});
        child.send(Kind.PROGRESS, Flags.MERGED, id, new byte[] {0, 2, 0});
        child.send(Kind.PROGRESS, 0, id, FakeSide.typed(Answer.class, "{\"text\":\"of another type\"}"));
        progress(id, 5);
        reply(id);

        assertEquals("done", call.join().text());
        assertEquals(List.of("5+4"), heard);
    }

    @Test
    void callbackThatThrowsHarmsNothing() throws Exception {
        CompletableFuture<Answer> call = ask(CallOptions.DEFAULT.onProgress(Note.class, update -> {
            hear(update);
            throw new AssertionError("harmless");
        }));
        long id = child.await(Kind.REQUEST).id();

        progress(id, 1);
        progress(id, 2);
        reply(id);

        assertEquals("done", call.join().text());
        assertEquals(List.of("1+0", "2+0"), heard);
    }

    @Test
    void progressOfACallThatHasEndedIsDroppedAndCounted() throws Exception {
        List<Long> late = new CopyOnWriteArrayList<>();
        parent.events(event -> {
            if (event instanceof SessionEvent.LateProgress progress) {
                late.add(progress.count());
            }
        });
        CompletableFuture<Answer> call = ask(listening());
        long id = child.await(Kind.REQUEST).id();
        call.cancel(true);

        progress(id, 1);
        progress(id + 1_000, 2);

        Eventually.await("two late updates", () -> late.equals(List.of(1L, 2L)));
        assertEquals(List.of(), heard);
    }

    @Test
    void progressProvesThatTheHandlerWasEntered() throws Exception {
        CompletableFuture<Answer> call = ask(listening());
        progress(child.await(Kind.REQUEST).id(), 1);
        Eventually.await("heard", () -> heard.size() == 1);

        child.close();

        SessionClosed closed = assertInstanceOf(SessionClosed.class, failureOf(call));
        assertEquals(Certainty.EXECUTED, closed.certainty());
    }

    @Test
    void cancelLetsNoUpdateBeginBehindIt() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Answer> call = ask(CallOptions.DEFAULT.onProgress(Note.class, update -> {
            hear(update);
            first.countDown();
            Eventually.await(release);
        }));
        long id = child.await(Kind.REQUEST).id();
        progress(id, 1);
        progress(id, 2);
        assertTrue(first.await(10, TimeUnit.SECONDS));
        awaitRead();

        assertTrue(call.cancel(true));
        assertTrue(call.isDone());
        release.countDown();

        assertEquals(id, child.await(Kind.CANCEL).id());
        awaitCallbacks();
        assertEquals(List.of("1+0"), heard);
    }

    /** Waits until the callback thread has done what it had to do. */
    private void awaitCallbacks() throws Exception {
        CompletableFuture<Answer> last = ask(listening());
        reply(child.await(Kind.REQUEST).id());
        last.join();
    }

    @Test
    void callWhoseCallbackHangsStillEndsByItsDeadlineWithItsAnswer() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Answer> call = ask(hanging(release));
        long id = child.await(Kind.REQUEST).id();

        progress(id, 1);
        progress(id, 2);
        reply(id);

        assertEquals("done", call.join().text());
        assertEquals(List.of("1+0"), heard);
        release.countDown();
        awaitCallbacks();
        assertEquals(List.of("1+0", "released"), heard);
    }

    @Test
    void answerBehindACallbackThatHangsComesSoonAfterTheEndOfTheSession() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Answer> call = ask(hanging(release, Duration.ofHours(1)));
        long id = child.await(Kind.REQUEST).id();
        progress(id, 1);
        reply(id);
        awaitRead();

        child.close();

        assertEquals("done", call.get(10, TimeUnit.SECONDS).text());
        release.countDown();
    }

    @Test
    void cancelEndsACallWhoseAnswerWaitsBehindACallback() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Answer> call = ask(hanging(release, Duration.ofHours(1)));
        long id = child.await(Kind.REQUEST).id();
        progress(id, 1);
        reply(id);
        awaitRead();

        assertFalse(call.cancel(true));
        assertTrue(call.isDone());
        assertEquals("done", call.join().text());
        release.countDown();
    }

    private CallOptions hanging(CountDownLatch release) {
        return hanging(release, Duration.ofMillis(500));
    }

    private CallOptions hanging(CountDownLatch release, Duration deadline) {
        return CallOptions.deadline(deadline).onProgress(Note.class, update -> {
            hear(update);
            Eventually.await(release);
            heard.add("released");
        });
    }

    @Test
    void callWhoseCallbackHangsEndsAtItsDeadline() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Answer> call = ask(hanging(release));
        long id = child.await(Kind.REQUEST).id();

        progress(id, 1);
        progress(id, 2);

        DeadlinePassed passed = assertInstanceOf(DeadlinePassed.class, failureOf(call));
        assertEquals(Phase.RUNNING, passed.phase());
        assertEquals(List.of("1+0"), heard);
        release.countDown();
        awaitCallbacks();
        assertEquals(List.of("1+0", "released"), heard);
    }

    @Test
    void slowCallbackLosesTheOldestAndIsToldHowMany() throws Exception {
        int count = 5_000;
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Answer> call = ask(CallOptions.DEFAULT.onProgress(Note.class, update -> {
            hear(update);
            Eventually.await(release);
        }));
        long id = child.await(Kind.REQUEST).id();
        progress(id, 0);
        Eventually.await("first heard", () -> heard.size() == 1);
        for (int i = 1; i <= count; i++) {
            progress(id, i);
        }
        reply(id);
        awaitRead();
        release.countDown();
        call.join();

        int kept = ProgressQueue.MAX_ITEMS;
        assertEquals(1 + kept, heard.size());
        assertEquals((count - kept + 1) + "+" + (count - kept), heard.get(1));
        assertEquals(count + "+0", heard.get(kept));
    }

    @Test
    void progressOfManyCallsKeepsTheBoundInBytes() {
        ProgressQueue.Budget budget = new ProgressQueue.Budget(1_000);
        List<ProgressQueue<Message>> queues = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ProgressQueue<Message> queue = new ProgressQueue<>();
            queue.countIn(budget);
            queues.add(queue);
        }
        for (int i = 0; i < 100; i++) {
            queues.forEach(queue -> queue.add(new Note(1), 90, 0));
        }

        assertTrue(budget.usedBytes() <= 1_000 + 10 * 90, "usedBytes=" + budget.usedBytes());
        for (ProgressQueue<Message> queue : queues) {
            long all = 0;
            for (Progress<Message> update = queue.poll(); update != null; update = queue.poll()) {
                all += 1 + update.skipped();
            }
            assertEquals(100, all);
        }
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void callThatIsRefusedHereEndsItsProgressToo() {
        peer.close();
        CompletableFuture<Answer> call = ask(listening());

        assertInstanceOf(SessionClosed.class, failureOf(call));
        assertFalse(call.isCancelled());
    }
}
