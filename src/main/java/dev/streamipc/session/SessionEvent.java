package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;

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
