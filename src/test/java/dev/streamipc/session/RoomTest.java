package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.frame.FrameEncoder;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Work.Asked;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much the outbox takes from whom, step by step. */
@Timeout(30)
class RoomTest {

    private static final int LIMIT_BYTES = 1_000;
    private static final int FRAME_BYTES = 300;
    private static final Send CALL = Send.call(3);
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Outbox outbox = outbox(LIMIT_BYTES);

    private static Outbox outbox(long limitBytes) {
        return new Outbox(
                new FrameEncoder(1), Limits.DEFAULT.withMaxOutboundBytes(limitBytes), WriterChoice.SURE_BYTES, true);
    }

    private Next append(Send how) {
        return append(outbox, FRAME_BYTES, how);
    }

    private static Next append(Outbox outbox, int length, Send how) {
        return outbox.append(new byte[length], length, null, how);
    }

    private static FutureTask<RoomWaits.End> waiting(Outbox outbox, Passage passage) throws Exception {
        FutureTask<RoomWaits.End> wait = new FutureTask<>(() -> outbox.waits().awaitForCall(passage, LONG_NANOS));
        Thread thread = new Thread(wait, "test-wait");
        thread.setDaemon(true);
        thread.start();
        Eventually.awaitBlocked(thread);
        return wait;
    }

    @Test
    void everythingTogetherPassesTheBoundByOneFrameAtMost() {
        outbox.open(true);
        int taken = 0;
        Send[] all = {CALL, Send.NOTE, Send.ANSWER, Send.STARTED};
        for (int i = 0; i < 100; i++) {
            taken += append(all[i % all.length]) == Next.FULL ? 0 : 1;
        }

        assertEquals(LIMIT_BYTES / FRAME_BYTES + 1, taken);
        assertEquals((long) taken * FRAME_BYTES, outbox.progress().queuedBytes());
    }

    @Test
    void whatIsBeingWrittenCountsUntilItIsWritten() {
        outbox.open(true);
        while (append(CALL) != Next.FULL) {
            assertTrue(outbox.progress().queuedBytes() < LIMIT_BYTES + FRAME_BYTES);
        }
        assertTrue(outbox.claimFlusher() && outbox.swap());

        assertEquals(Next.FULL, append(CALL));
        assertEquals(Next.FULL, append(Send.ANSWER));
        assertTrue(outbox.isFull());
        outbox.flushing().position(outbox.flushing().limit());
        assertFalse(outbox.nextSlice());
        assertFalse(outbox.swap());
        assertFalse(outbox.isFull());
    }

    @Test
    void roomOfALongWriteComesBackSliceBySlice() {
        Outbox large = outbox(4 * TwinBuffer.SLICE_BYTES);
        large.open(true);
        append(large, 4 * TwinBuffer.SLICE_BYTES, CALL);
        assertTrue(large.claimFlusher() && large.swap());
        assertEquals(Next.FULL, append(large, FRAME_BYTES, CALL));

        large.flushing().position(TwinBuffer.SLICE_BYTES);
        assertEquals(TwinBuffer.SLICE_BYTES, large.progress().takenBytes());
        assertTrue(large.nextSlice());

        assertEquals(TwinBuffer.SLICE_BYTES, large.flushing().remaining());
        assertEquals(Next.NOTHING, append(large, FRAME_BYTES, CALL));
    }

    @Test
    void noCallOrNotificationIsTakenWhileAnAnswerWaits() {
        outbox.open(true);
        outbox.waits().answerWaits();

        assertTrue(outbox.isFull());
        assertEquals(Next.FULL, append(CALL));
        assertEquals(Next.FULL, append(Send.NOTE));
        assertFalse(outbox.waits().hold(1));
        assertEquals(Next.FLUSH, append(Send.ANSWER));
        outbox.waits().answerHasRoom();
        assertEquals(Next.NOTHING, append(CALL));
    }

    @Test
    void boundsGrowWithTheLargestPayloadSoThatOthersPassBesideIt() {
        Limits limits = Limits.DEFAULT.withMaxPayloadBytes(1 << 30);

        assertEquals(2L << 30, limits.maxOutboundBytes());
        assertEquals(2L << 30, limits.maxInboundBytes());
        assertEquals(
                Limits.DEFAULT_MAX_OUTBOUND_BYTES,
                Limits.DEFAULT.withMaxPayloadBytes(4_096).maxOutboundBytes());
        assertEquals(1_000, limits.withMaxOutboundBytes(1_000).maxOutboundBytes());
    }

    @Test
    void noCallSlipsInBetweenTheRoomAndTheAnswerThatWaitsForIt() {
        outbox.open(true);
        while (append(CALL) != Next.FULL) {
            assertTrue(outbox.progress().queuedBytes() < LIMIT_BYTES + FRAME_BYTES);
        }
        Rival rival = new Rival();
        Outbound outbound = new Outbound(new Outbound.Parts(new FrameEncoder(1), outbox, rival), false, () -> 0);
        InboundCalls calls = new InboundCalls(() -> {});
        Handling handling = new Handling(
                "test",
                new Handling.Parts(
                        new Handlers(),
                        rival,
                        new HandlerContext.Parts(
                                calls, new PartSender.Parts(outbound, null, new HandClock(), () -> {}), Runnable::run),
                        null),
                () -> Limits.LEAST_MAX_PAYLOAD_BYTES);
        Asked asked = new Asked(
                new Asked.Head(1, false, false, false, 0, null), Arrived.of(new Ask("nobody handles this"), 1), null);
        calls.arrive(asked);
        handling.run(asked);

        assertEquals(Next.FULL, rival.whileAnswerWaits);
        assertTrue(outbox.progress().queuedBytes() > 0, "the answer is there");
        assertEquals(Next.NOTHING, append(CALL));
    }

    /** A writer that makes room, and a call that comes just then. */
    private final class Rival implements Writer {

        private Next whileAnswerWaits;

        @Override
        public void after(Next next) {}

        @Override
        public void awaitRoom(long nanos) {
            assertTrue(outbox.claimFlusher() && outbox.swap() && !outbox.swap());
            whileAnswerWaits = append(CALL);
        }

        @Override
        public void awaitGone(long bytes, long nanos) {
            throw new AssertionError("nobody asks for word of the start");
        }

        @Override
        public void end() {}
    }

    @Test
    void controlFramesHaveABoundOfTheirOwnThatCountsWhatIsBeingWritten() {
        outbox.open(true);
        while (append(CALL) != Next.FULL) {
            assertTrue(outbox.progress().queuedBytes() < LIMIT_BYTES + FRAME_BYTES);
        }
        int half = Room.MAX_CONTROL_BYTES / 2;
        assertEquals(Next.WAKE_WRITER, append(outbox, half, Send.CONTROL));
        assertTrue(outbox.claimFlusher() && outbox.swap());
        assertEquals(Next.NOTHING, append(outbox, half, Send.CONTROL));

        assertEquals(Next.FULL, append(outbox, FRAME_BYTES, Send.CONTROL));
        assertEquals(Next.NOTHING, append(outbox, FRAME_BYTES, Send.LAST));
    }

    @Test
    void messagesThatAreNoFramesYetCountTogetherWithFrames() {
        assertTrue(outbox.waits().hold(LIMIT_BYTES - FRAME_BYTES));
        append(Send.NOTE);
        assertFalse(outbox.waits().hold(1), "the bound is reached");

        outbox.waits().letGo(LIMIT_BYTES - FRAME_BYTES);
        assertTrue(outbox.waits().hold(1));
    }

    @Test
    void messagesThatAreNoFramesYetAreBoundInNumber() {
        Outbox few = new Outbox(new FrameEncoder(1), Limits.DEFAULT.withMaxCalls(2), 0, true);
        assertTrue(few.waits().hold(1));
        assertTrue(few.waits().hold(1));
        assertFalse(few.waits().hold(1));
    }

    @Test
    void whoWaitsForRoomGoesOnAfterTheFlush() throws Exception {
        outbox.open(true);
        append(outbox, LIMIT_BYTES, CALL);
        FutureTask<RoomWaits.End> wait = waiting(outbox, new PlainPassage(1, true));
        assertTrue(outbox.claimFlusher() && outbox.swap());
        assertFalse(outbox.swap());

        assertEquals(RoomWaits.End.ROOM, wait.get());
    }

    @Test
    void whoWaitsForRoomBehindAnAnswerGoesOnAfterThat() throws Exception {
        outbox.waits().answerWaits();
        FutureTask<RoomWaits.End> wait = waiting(outbox, new PlainPassage(1, true));
        outbox.waits().answerHasRoom();

        assertEquals(RoomWaits.End.ROOM, wait.get());
    }

    @Test
    void waitOfACallThatHasEndedIsOver() throws Exception {
        append(outbox, LIMIT_BYTES, CALL);
        Passage passage = new PlainPassage(1, true);
        FutureTask<RoomWaits.End> wait = waiting(outbox, passage);
        assertTrue(outbox.withdraw(passage));

        assertEquals(RoomWaits.End.OVER, wait.get());
    }

    @Test
    void waitsOutlastABrokenChannelAndAreOverWithTheSession() throws Exception {
        append(outbox, LIMIT_BYTES, CALL);
        FutureTask<RoomWaits.End> wait = waiting(outbox, null);
        outbox.end();
        assertEquals(RoomWaits.End.TIME_UP, outbox.waits().awaitForCall(null, 1));
        outbox.waits().stop();

        assertEquals(RoomWaits.End.OVER, wait.get());
    }
}
