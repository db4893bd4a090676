package dev.streamipc.session;

import dev.streamipc.message.Message;
import org.jspecify.annotations.Nullable;

/** A message that came in, or why there is none. */
record Decoded(
        @Nullable Message message,
        @Nullable String typeName,
        String problem,
        @Nullable Throwable cause) {

    static Decoded failed(String problem) {
        return new Decoded(null, null, problem, null);
    }
}
