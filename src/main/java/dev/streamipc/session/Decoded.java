package dev.streamipc.session;

import dev.streamipc.message.Message;
import dev.streamipc.message.Undecodable;
import org.jspecify.annotations.Nullable;

/** A message that came in, or why there is none. */
record Decoded(
        @Nullable Message message,
        @Nullable String typeName,
        String problem,
        @Nullable Throwable cause) {

    static Decoded of(Message message) {
        return new Decoded(message, null, "", null);
    }

    static Decoded failed(String problem) {
        return new Decoded(null, null, problem, null);
    }

    /** Returns why there is no message, of one that came as an answer or a part of it. */
    Undecodable asAnswer() {
        return new Undecodable(Undecodable.Subject.ANSWER, Undecodable.Side.HERE, typeName, problem, cause);
    }
}
