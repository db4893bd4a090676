package dev.streamipc.supervise;

import org.jspecify.annotations.Nullable;

/**
 * One life of something that starts and ends: a process, a thread, a session. A {@link ChildSpec} makes a new one for each
 * start.
 *
 * <p>Its methods run on the executor of the supervisor. They may block, within the limits of the spec; the supervisor waits
 * for none of them.
 */
public interface Supervised {

    /**
     * Begins the start; called once. Whether it has started is told to {@code life}, from here or later, by any thread.
     *
     * <p>If this method returns only after {@link #kill} was called, {@code kill} is called once more: what came to be in the
     * meantime does not stay behind.
     *
     * @param life takes the news
     * @throws Exception if it can't start; the same as {@code life.ended(exception)}. Nothing may be left behind
     */
    void start(Life life) throws Exception;

    /**
     * Asks it to end, in order. Called at most once and never while {@link #start} runs. That it has ended is told to the
     * {@link Life}; if that takes longer than the stop limit, or this method throws, it is killed.
     *
     * @throws Exception if it can't be asked; it is killed then
     */
    void stop() throws Exception;

    /**
     * Makes an end of it, by force. May be called while {@link #start} or {@link #stop} still run, and twice. If the end is not
     * told within the kill limit, the supervisor gives it up for lost and goes on without it.
     *
     * @throws Exception if that fails; it is logged
     */
    void kill() throws Exception;

    /** Takes the news of one life. For all threads; nothing here blocks or throws. What comes after the end is left out. */
    interface Life {

        /** It has started. */
        void started();

        /**
         * It runs, and something is wrong with it; the rules of the supervisor decide. Left out unless it runs, and while an
         * earlier one has not been judged.
         *
         * @param failure what is wrong
         */
        void failing(Throwable failure);

        /**
         * It has ended. Without {@link #started} before: with a failure it has failed to start, without one it has started and
         * ended at once.
         *
         * @param failure what ended it; null if it ended in order
         */
        void ended(@Nullable Throwable failure);
    }
}
