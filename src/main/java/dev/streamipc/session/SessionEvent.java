package dev.streamipc.session;

import dev.streamipc.message.ChildDied;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.ProtocolError;
import dev.streamipc.message.SessionClosed;
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
     * @param why what a call that is made now ends with; its phase says nothing of the session
     */
    record Closed(IpcFailure why) implements SessionEvent {

        /**
         * Returns what ended the session, in words.
         *
         * @return one line: who closed it and why, how the child ended, which rule was broken, or why it never began
         */
        public String reason() {
            if (why instanceof SessionClosed closed) {
                return switch (closed.who()) {
                    case THIS_SIDE -> "closed by this side: " + closed.why();
                    case OTHER_SIDE -> "closed by the other side: " + closed.why();
                    case STREAM -> "no goodbye came: " + closed.why();
                };
            } else if (why instanceof ChildDied died) {
                return "child died: " + died.report().summary();
            } else if (why instanceof ProtocolError error) {
                return "protocol error: " + error.rule() + ", offsetBytes=" + error.offsetBytes();
            }
            return String.valueOf(why.getMessage());
        }

        /**
         * Returns the reason.
         *
         * @return one line
         */
        @Override
        public String toString() {
            return "Closed[" + reason() + "]";
        }
    }

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
