package dev.streamipc.session;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;

/** What the two simulated sides say to each other. */
final class SimMessages {

    /** What a handler does. */
    enum Deed {
        ANSWER,
        TAKE_TIME,
        THROW,
        DECLINE,
        ASK_BACK,
        NOTIFY_BACK,
        TELL_PROGRESS,
        CLOSE
    }

    record Ask(long number, Deed deed, long nanos, String pad) implements Request<Answer> {}

    record Answer(long number, String pad) implements Message {}

    record Note(long number, String pad) implements Message {}

    private SimMessages() {}

    static Class<?>[] types() {
        return new Class<?>[] {Ask.class, Note.class};
    }
}
