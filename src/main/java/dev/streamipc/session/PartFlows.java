package dev.streamipc.session;

import org.jspecify.annotations.Nullable;

/**
 * The streams that belong to a call, on either side of it.
 *
 * @param in parts that come in; null if none are to
 * @param out how many of those that go out are wanted; null if none are to go
 */
record PartFlows(@Nullable PartQueue<?> in, @Nullable Demand out) {

    /** The other side knows of the call from now on. */
    void begin() {
        if (in != null) {
            in.begin();
        }
        if (out != null) {
            out.begin();
        }
    }

    /** The call is over: nothing comes any more, and nothing is wanted. */
    void end(@Nullable Throwable failure) {
        if (in != null) {
            in.end(failure);
        }
        if (out != null) {
            out.end();
        }
    }
}
