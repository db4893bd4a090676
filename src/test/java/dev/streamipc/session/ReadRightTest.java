package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who reads: the reader parks for a day here, so that only a wake-up brings it back. */
@Timeout(30)
class ReadRightTest {

    private static final long DAY_NANOS = TimeUnit.DAYS.toNanos(1);

    private volatile boolean hasCalls;
    private final ReadRight right = new ReadRight(() -> hasCalls, DAY_NANOS);
    private final Thread reader = new Thread(right::standBy, "test-reader");

    @AfterEach
    void end() throws Exception {
        right.wake();
        reader.join(10_000);
        assertFalse(reader.isAlive());
    }

    private void readerStandsBy() throws Exception {
        right.take(System.nanoTime());
        reader.setDaemon(true);
        reader.start();
        Eventually.await("the reader parks", () -> reader.getState() == Thread.State.TIMED_WAITING);
    }

    private void assertReads() throws Exception {
        reader.join(10_000);
        assertFalse(reader.isAlive());
        assertFalse(right.take(System.nanoTime()));
    }

    private void assertStandsBy() {
        assertTrue(reader.isAlive());
    }

    @Test
    void theReaderHasTheRightUntilCallersCome() {
        right.standBy();

        assertFalse(right.take(System.nanoTime()));
        assertFalse(right.isMine());
    }

    @Test
    void theReaderKeepsItWhileSomebodyWaits() {
        right.take(System.nanoTime());
        hasCalls = true;

        right.standBy();

        assertFalse(right.take(System.nanoTime()));
    }

    @Test
    void aCallerTakesItAndTheReaderStandsBy() throws Exception {
        readerStandsBy();

        assertTrue(right.take(System.nanoTime()));
        assertTrue(right.isMine());
        assertFalse(right.take(System.nanoTime()), "it is one thread's at a time");

        right.giveBack();
        assertFalse(right.isMine());
        assertStandsBy();
        assertTrue(right.take(System.nanoTime()));
        right.giveBack();
    }

    @Test
    void theReaderGoesOnWhenACallerGivesBackAndSomebodyWaits() throws Exception {
        readerStandsBy();
        right.take(System.nanoTime());
        hasCalls = true;

        right.giveBack();

        assertReads();
    }

    @Test
    void theReaderGoesOnForOneWhoDoesNotRead() throws Exception {
        readerStandsBy();
        hasCalls = true;

        right.want();

        assertReads();
    }

    @Test
    void theReaderIsNotWokenWhileACallerReads() throws Exception {
        readerStandsBy();
        right.take(System.nanoTime());
        hasCalls = true;

        right.want();

        Eventually.await("the reader parks", () -> reader.getState() == Thread.State.TIMED_WAITING);
        hasCalls = false;
        right.giveBack();
        assertStandsBy();
    }

    @Test
    void aWakeUpThatFindsACallerIsKeptForWhenItHasReturned() throws Exception {
        readerStandsBy();
        right.take(System.nanoTime());

        right.wake();
        Eventually.await("the reader has seen it", () -> reader.getState() == Thread.State.TIMED_WAITING);
        assertStandsBy();
        right.giveBack();

        assertReads();
    }

    @Test
    void aCallThatComesWhileTheRightIsSetFreeIsSeen() {
        AtomicInteger looks = new AtomicInteger();
        ReadRight late = new ReadRight(() -> looks.incrementAndGet() > 1, DAY_NANOS);
        late.take(System.nanoTime());

        late.standBy();

        assertEquals(2, looks.get());
        assertFalse(late.take(System.nanoTime()), "the reader has it");
    }

    @Test
    void aReaderThatCameBackStandsByAgain() throws Exception {
        right.take(System.nanoTime());
        right.wake();
        right.standBy();

        readerStandsBy();

        assertTrue(right.take(System.nanoTime()));
        right.giveBack();
    }

    @Test
    void theReaderComesBackByItselfWhenCallersStayAway() {
        ReadRight quick = new ReadRight(() -> false, 2_000_000);
        quick.take(System.nanoTime());

        quick.standBy();

        assertFalse(quick.take(System.nanoTime()), "the reader has it");
    }
}
