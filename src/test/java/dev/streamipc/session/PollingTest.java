package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers that read for themselves beside a reader that parks for a day: whatever is lost once is lost for good. */
@Timeout(60)
class PollingTest implements Polling.Source {

    private static final CompletableFuture<String> END = new CompletableFuture<>();

    private final LinkedBlockingQueue<CompletableFuture<String>> arrived = new LinkedBlockingQueue<>();
    private final Queue<String> readers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();
    private final Polling polling =
            new Polling(true, this, new ReadRight(() -> open.get() > 0, TimeUnit.DAYS.toNanos(1)));
    private final CompletableFuture<String> readerEnd = new CompletableFuture<>();
    private volatile Runnable onLook = () -> {};
    private volatile IOException lookFails;
    private volatile IOException readFails;
    private volatile boolean isBlind;

    @Override
    public int availableBytes() throws IOException {
        looks.incrementAndGet();
        onLook.run();
        if (lookFails != null) {
            throw lookFails;
        }
        return isBlind ? -1 : arrived.size();
    }

    /** As a channel: waits for something, takes all that is there. */
    @Override
    public boolean read() throws IOException {
        IOException failure = readFails;
        if (failure != null) {
            // once: what the reader does then it has from the caller alone
            readFails = null;
            throw failure;
        }
        readers.add(Thread.currentThread().getName());
        List<CompletableFuture<String>> taken = new ArrayList<>();
        try {
            taken.add(arrived.take());
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
        arrived.drainTo(taken);
        boolean ended = taken.remove(END);
        taken.forEach(call -> {
            open.decrementAndGet();
            call.complete(Thread.currentThread().getName());
        });
        return !ended;
    }

    private void startReader() {
        Thread thread = new Thread(this::readOn, "reader");
        thread.setDaemon(true);
        thread.start();
    }

    private void readOn() {
        try {
            polling.standBy();
            while (read()) {
                polling.standBy();
            }
            readerEnd.complete("ended");
        } catch (IOException failure) {
            readerEnd.complete(failure.getMessage());
        }
    }

    @AfterEach
    void end() throws Exception {
        arrived.add(END);
        polling.end();
        readerEnd.get(10, TimeUnit.SECONDS);
    }

    private CompletableFuture<String> call() {
        open.incrementAndGet();
        return new CompletableFuture<>();
    }

    /** The first call is read by the reader, which stands by from then on. */
    private void warm() throws Exception {
        startReader();
        CompletableFuture<String> first = call();
        polling.lookFor(first);
        arrived.add(first);
        assertEquals("reader", first.get(10, TimeUnit.SECONDS));
        Eventually.await("the reader stands by", this::isFree);
        readers.clear();
        looks.set(0);
    }

    /** A caller without a call finds out. */
    private boolean isFree() {
        int before = looks.get();
        CompletableFuture<String> probe = new CompletableFuture<>();
        onLook = () -> probe.complete("");
        polling.lookFor(probe);
        onLook = () -> {};
        return looks.get() > before;
    }

    private static String name() {
        return Thread.currentThread().getName();
    }

    @Test
    void callerReadsItsOwnAnswerAndTheReaderSleepsOn() throws Exception {
        warm();

        for (int i = 0; i < 100; i++) {
            CompletableFuture<String> call = call();
            arrived.add(call);
            polling.lookFor(call);
            assertEquals(name(), call.getNow("not yet"));
        }

        assertFalse(readers.contains("reader"));
    }

    @Test
    void answerThatTakesLongerIsReadByTheReader() throws Exception {
        warm();
        CompletableFuture<String> call = call();

        polling.lookFor(call);
        assertFalse(call.isDone());
        arrived.add(call);

        assertEquals("reader", call.get(10, TimeUnit.SECONDS));
    }

    @Test
    void callerReadsForAnotherCaller() throws Exception {
        warm();
        CompletableFuture<String> first = call();
        CompletableFuture<String> second = call();
        onLook = () -> {
            if (arrived.isEmpty()) {
                Thread other = new Thread(() -> polling.lookFor(second), "other");
                other.start();
                join(other);
                arrived.add(second);
                arrived.add(first);
            }
        };

        polling.lookFor(first);

        assertEquals(name(), first.getNow("not yet"));
        assertEquals(name(), second.getNow("not yet"));
    }

    @Test
    void callerThatIsServedLeavesTheOtherToTheReader() throws Exception {
        warm();
        CompletableFuture<String> first = call();
        CompletableFuture<String> second = call();
        onLook = () -> {
            if (arrived.isEmpty()) {
                arrived.add(first);
            }
        };

        polling.lookFor(first);
        arrived.add(second);

        assertEquals(name(), first.getNow("not yet"));
        assertEquals("reader", second.get(10, TimeUnit.SECONDS));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void oneWhoOnlyWaitsWakesTheReader() throws Exception {
        warm();
        CompletableFuture<String> call = call();

        polling.want();
        arrived.add(call);

        assertEquals("reader", call.get(10, TimeUnit.SECONDS));
    }

    @Test
    void interruptedCallerReadsAndKeepsItsFlag() throws Exception {
        warm();
        CompletableFuture<String> late = call();
        Thread.currentThread().interrupt();

        polling.lookFor(late);

        assertTrue(Thread.interrupted());
        arrived.add(late);
        assertEquals("reader", late.get(10, TimeUnit.SECONDS));
    }

    @Test
    void whatEndsWhileACallerLooksEndsThatLook() throws Exception {
        warm();
        CompletableFuture<String> call = call();
        onLook = () -> call.completeExceptionally(new IOException("deadline"));

        polling.lookFor(call);

        assertEquals(1, looks.get());
        assertFalse(readers.contains(name()));
    }

    @Test
    void failureOfACallersReadEndsTheReader() throws Exception {
        warm();
        CompletableFuture<String> call = call();
        arrived.add(call);
        readFails = new IOException("broken");

        polling.lookFor(call);

        assertEquals("broken", readerEnd.get(10, TimeUnit.SECONDS));
    }

    @Test
    void endThatACallerReadsIsTheReadersToo() throws Exception {
        warm();
        CompletableFuture<String> call = call();
        arrived.add(END);

        polling.lookFor(call);
        arrived.add(END);

        assertEquals("ended", readerEnd.get(10, TimeUnit.SECONDS));
    }

    @Test
    void lookThatFailsLeavesTheTruthToTheReader() throws Exception {
        warm();
        CompletableFuture<String> call = call();
        lookFails = new IOException("no such descriptor");

        polling.lookFor(call);
        arrived.add(call);

        assertEquals("reader", call.get(10, TimeUnit.SECONDS));
    }

    @Test
    void nobodyLooksAgainWhereTheChannelCanNotTell() throws Exception {
        warm();
        isBlind = true;
        for (int i = 0; i < 3; i++) {
            CompletableFuture<String> call = call();
            polling.lookFor(call);
            arrived.add(call);
            assertEquals("reader", call.get(10, TimeUnit.SECONDS));
        }

        assertEquals(1, looks.get());
    }

    @Test
    void whoHasNotAskedForItNeverPolls() throws Exception {
        Polling off = new Polling(false, this, () -> open.get() > 0);
        CompletableFuture<String> call = call();

        off.lookFor(call);
        off.want();
        off.standBy();
        off.end();

        assertEquals(0, looks.get());
        assertFalse(off.isMine());
        startReader();
    }

    @Test
    void noWakeUpIsLostAmongManyCallers() throws Exception {
        startReader();
        LinkedBlockingQueue<CompletableFuture<String>> sent = new LinkedBlockingQueue<>();
        Thread far = new Thread(() -> answer(sent, new Random(1)), "far");
        far.setDaemon(true);
        far.start();
        List<Thread> callers = new ArrayList<>();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 3; i++) {
            Random random = new Random(10 + i);
            callers.add(new Thread(() -> {
                try {
                    callOften(sent, random);
                } catch (Exception lost) {
                    failures.add(lost);
                }
            }));
        }

        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }

        assertEquals(List.of(), List.copyOf(failures));
        sent.add(END);
        far.join();
    }

    private void callOften(LinkedBlockingQueue<CompletableFuture<String>> sent, Random random) throws Exception {
        for (int i = 0; i < 5_000; i++) {
            CompletableFuture<String> call = call();
            sent.add(call);
            if (random.nextInt(4) == 0) {
                polling.want();
            } else {
                polling.lookFor(call);
            }
            call.get(20, TimeUnit.SECONDS);
            if (random.nextInt(3) == 0) {
                spin(random.nextInt(20_000));
            }
        }
    }

    private void answer(LinkedBlockingQueue<CompletableFuture<String>> sent, Random random) {
        try {
            CompletableFuture<String> call = sent.take();
            while (call != END) {
                spin(random.nextInt(10) == 0 ? 300_000 : random.nextInt(20_000));
                arrived.add(call);
                call = sent.take();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void spin(long nanos) {
        long since = System.nanoTime();
        while (System.nanoTime() - since < nanos) {
            Thread.onSpinWait();
        }
    }
}
