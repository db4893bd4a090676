package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.frame.FrameEncoder;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Who writes what, step by step, as threads would take the steps in turn. */
class OutboxTest {

    private static final byte[] SMALL = new byte[100];
    private static final int BURST_BYTES = 40_000;
    private static final Send FEW = Send.call(1);

    private final Outbox outbox = new Outbox(
            new FrameEncoder(1), Limits.DEFAULT.withMaxOutboundBytes(1 << 20), WriterChoice.SURE_BYTES, true);

    private Next append(int length, Send how) {
        return outbox.append(new byte[length], length, null, how);
    }

    @Test
    void corkHoldsBackNothingThatCameBeforeIt() {
        outbox.open(true);
        assertEquals(Next.FLUSH, append(SMALL.length, FEW));
        assertEquals(Next.NOTHING, append(SMALL.length, FEW));
        outbox.cork();

        assertTrue(outbox.release(), "the second frame is left to the writer");
    }

    @Test
    void corkedAnswerWhoseWriterFoundAFlusherIsNotForgotten() {
        outbox.open(true);
        assertEquals(Next.FLUSH, append(SMALL.length, FEW));
        outbox.cork();
        assertEquals(Next.ARM_WRITER, append(SMALL.length, Send.ANSWER));
        assertTrue(!outbox.claimFlusher(), "the armed writer comes by in vain");

        assertTrue(outbox.release(), "the answer is left to the writer");
    }

    @Test
    void callersThreadWritesNothingThatCameAfterItsDecision() throws Exception {
        outbox.open(true);
        AtomicBoolean appended = new AtomicBoolean();
        CountingChannel channel = new CountingChannel();
        Sender sender = sender(channel);
        Next next = append(SMALL.length, FEW);
        appended.set(append(1 << 19, Send.NOTE) == Next.NOTHING);

        sender.after(next);

        assertTrue(appended.get());
        assertEquals(SMALL.length, channel.bytesOf(Thread.currentThread()));
        Eventually.await("all is written", outbox::isWritten);
        sender.end();
    }

    @Test
    void callersThreadWritesNoOpeningFramesThatCameAfterItsDecision() throws Exception {
        CountingChannel channel = new CountingChannel();
        Sender sender = sender(channel);
        Next next = outbox.appendEarly(SMALL, SMALL.length);
        for (int i = 0; i < 100; i++) {
            outbox.appendEarly(SMALL, SMALL.length);
        }

        sender.after(next);

        assertEquals(SMALL.length, channel.bytesOf(Thread.currentThread()));
        Eventually.await("all is written", outbox::isWritten);
        sender.end();
    }

    @Test
    void openingFramesThatWaitCountForWhatSurelyFits() {
        assertEquals(Next.FLUSH, outbox.appendEarly(SMALL, SMALL.length));
        assertTrue(!outbox.release());
        outbox.appendEarly(new byte[8_000], 8_000);
        outbox.open(true);

        assertEquals(Next.WAKE_WRITER, append(SMALL.length, FEW));
    }

    @Test
    void progressFindsNoRoomLongBeforeAnythingElseDoes() {
        Outbox large = new Outbox(new FrameEncoder(1), Limits.DEFAULT, WriterChoice.SURE_BYTES, true);
        large.open(true);
        large.append(new byte[(1 << 20) - 1], (1 << 20) - 1, null, Send.NOTE);
        assertEquals(Next.WAKE_WRITER, large.append(SMALL, SMALL.length, null, Send.PROGRESS));

        assertEquals(Next.FULL, large.append(SMALL, SMALL.length, null, Send.PROGRESS));
        assertEquals(Next.WAKE_WRITER, large.append(SMALL, SMALL.length, null, Send.NOTE));
    }

    private Sender sender(CountingChannel channel) {
        return new Sender(
                outbox,
                channel,
                "test-writer",
                new Surroundings.WriterHooks(() -> {}, broken -> {}, () -> {}, outbox::rest));
    }

    @Test
    void restGivesBackWhatABurstHasGrown() {
        outbox.open(true);
        append(BURST_BYTES, Send.NOTE);
        outbox.rest();
        assertTrue(outbox.isGrown(), "what waits keeps its memory");
        assertTrue(outbox.claimFlusher());
        assertTrue(outbox.swap());
        outbox.rest();
        assertTrue(outbox.isGrown(), "and so does what is being written");
        assertEquals(BURST_BYTES, outbox.flushing().remaining());
        outbox.flushing().position(BURST_BYTES);
        assertFalse(outbox.swap());
        assertTrue(outbox.isGrown(), "kept for the next burst");

        outbox.rest();

        assertFalse(outbox.isGrown());
        assertEquals(Next.WAKE_WRITER, append(BURST_BYTES, Send.NOTE));
    }

    @Test
    void writerGivesBackBehindASecondOfQuietWhatABurstHasGrown() throws Exception {
        outbox.open(true);
        Sender sender = sender(new CountingChannel());
        sender.after(append(BURST_BYTES, Send.NOTE));
        Eventually.await("all is written", outbox::isWritten);
        assertTrue(outbox.isGrown(), "kept for the next burst");

        Eventually.await("given back", () -> !outbox.isGrown());
        sender.end();
    }

    @Test
    void whatAHandlersThreadHasGrownIsGivenBackToo() throws Exception {
        outbox.open(true);
        CountingChannel channel = new CountingChannel();
        Sender sender = sender(channel);

        sender.after(append(BURST_BYTES, Send.ANSWER));

        assertEquals(BURST_BYTES, channel.bytesOf(Thread.currentThread()));
        Eventually.await("given back", () -> !outbox.isGrown());
        sender.end();
    }
}
