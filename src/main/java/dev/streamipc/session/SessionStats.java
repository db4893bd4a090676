package dev.streamipc.session;

/**
 * What a session has done since it was made, and what waits in it. A snapshot: while the session is at work, numbers
 * that belong together may be apart by what happened in between.
 *
 * @param calls the calls of this side
 * @param out what leaves
 * @param in what comes in
 */
public record SessionStats(Calls calls, Out out, In in) {

    /**
     * The calls of this side.
     *
     * @param answered how many ended with a value
     * @param failed how many ended with a failure, refused ones included
     * @param inFlight how many have no outcome yet
     * @param lateAnswers answers to calls that had ended, dropped
     * @param lateProgress updates of calls that had ended, dropped
     */
    public record Calls(long answered, long failed, int inFlight, long lateAnswers, long lateProgress) {}

    /**
     * What leaves.
     *
     * @param frames how many were queued, those that still wait included
     * @param bytes how many were handed to the channel
     * @param notifications how many of the frames are notifications of this side
     * @param queuedBytes what waits to be written, or is being written
     * @param droppedRejections refusals of requests that found no room; those calls end by their deadline
     */
    public record Out(long frames, long bytes, long notifications, long queuedBytes, long droppedRejections) {}

    /**
     * What comes in.
     *
     * @param frames how many came in whole
     * @param bytes how many were read, junk included
     * @param requests of the other side, those included that were refused
     * @param notifications of the other side
     * @param waiting requests and notifications that wait for a handler
     * @param waitingForReceive notifications that wait for {@code receive}
     * @param droppedNotifications that nobody took in time, or that could not be decoded
     * @param junkBytes what stood between the frames
     * @param damagedFrames whose payload did not fit its checksum
     */
    public record In(
            long frames,
            long bytes,
            long requests,
            long notifications,
            int waiting,
            int waitingForReceive,
            long droppedNotifications,
            long junkBytes,
            long damagedFrames) {}
}
