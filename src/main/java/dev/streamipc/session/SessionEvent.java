package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import java.time.Duration;

/** What observers of a session are told, on the callback executor, in order. */
public sealed interface SessionEvent {

    /**
     * Both sides are ready.
     *
     * @param otherSide how the other side names itself
     */
    record Opened(String otherSide) implements SessionEvent {}

    /**
     * The session has ended; nothing follows.
     *
     * @param why what a call would end with from now on
     */
    record Closed(IpcFailure why) implements SessionEvent {}

    /**
     * Bytes stood between the frames.
     *
     * @param text what they say, one line, cut at 4 KiB
     */
    record Junk(String text) implements SessionEvent {}

    /**
     * A frame came in damaged; its call, if it had one, has ended.
     *
     * @param kind what kind of frame
     */
    record Damaged(String kind) implements SessionEvent {}

    /**
     * Notifications were dropped because nobody took them.
     *
     * @param count how many since the session opened
     */
    record Dropped(long count) implements SessionEvent {}

    /**
     * The other side takes nothing: while bytes wait, the channel has not taken one for the peer's stall limit. Told once,
     * until {@link Resumed}.
     *
     * @param queuedBytes how many bytes wait to be written
     * @param since how long ago the channel took the last, or was given the first
     */
    record Stalled(long queuedBytes, Duration since) implements SessionEvent {}

    /**
     * The channel moves again after it was {@link Stalled}; seen within a quarter of the stall limit.
     *
     * @param since how long nothing had moved
     */
    record Resumed(Duration since) implements SessionEvent {}

    /**
     * An answer came for a call that had ended.
     *
     * @param count how many since the session opened
     */
    record LateAnswer(long count) implements SessionEvent {}

    /**
     * Progress came for a call that had ended.
     *
     * @param count how many updates since the session opened
     */
    record LateProgress(long count) implements SessionEvent {}
}
