package dev.streamipc.session;

/** What the thread that appended a frame has to do next. */
enum Next {
    NOTHING,
    /** Write what was taken: this thread is the flusher now. */
    FLUSH,
    /** Wake the writer. */
    WAKE_WRITER,
    /** Let the writer come by soon, in case the cork is not pulled. */
    ARM_WRITER,
    /** The frame was refused: over the bound. */
    FULL,
    /** The frame was refused: its call has ended already, or the session has. */
    WITHDRAWN
}
