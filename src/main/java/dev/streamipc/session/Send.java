package dev.streamipc.session;

/**
 * On whose behalf a frame is sent, which decides over its bound and over who writes it.
 *
 * @param fewCalls of a call: whether so few are in flight that its thread may write
 */
record Send(Source source, boolean fewCalls) {

    static final Send NOTE = new Send(Source.NOTE, false);
    static final Send ANSWER = new Send(Source.ANSWER, false);
    static final Send STARTED = new Send(Source.STARTED, false);
    static final Send PROGRESS = new Send(Source.PROGRESS, false);
    static final Send PART = new Send(Source.PART, false);
    static final Send SMALL_PART = new Send(Source.SMALL_PART, false);
    static final Send CONTROL = new Send(Source.CONTROL, false);
    static final Send LAST = new Send(Source.LAST, false);
    private static final Send ONE_OF_FEW = new Send(Source.CALL, true);
    private static final Send ONE_OF_MANY = new Send(Source.CALL, false);
    private static final int FEW_CALLS = 2;

    enum Source {
        /** A request: its thread may write what surely fits. */
        CALL,
        /** A notification: always the writer's. */
        NOTE,
        /** An answer of a handler: waits for room instead of being refused. */
        ANSWER,
        /** Word of a handler's start: like an answer, but no cork holds it back, since the handler may be the end. */
        STARTED,
        /** News of a handler: always the writer's, with a small bound, since the next one replaces it. */
        PROGRESS,
        /** A part of a stream: waits for room as a notification may, is always the writer's, and lets others pass. */
        PART,
        /** One that nobody waits for long. */
        SMALL_PART,
        /** A control frame, perhaps of a reader: bound of its own, always the writer's. */
        CONTROL,
        /** The goodbye: always taken. */
        LAST
    }

    static Send call(int callsInFlight) {
        return callsInFlight <= FEW_CALLS ? ONE_OF_FEW : ONE_OF_MANY;
    }
}
