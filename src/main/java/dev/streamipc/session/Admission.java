package dev.streamipc.session;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Who has to show a token in its HELLO: nobody, this side, or the other one, which then has to speak first.
 *
 * @param shown what this side shows, null for nothing
 * @param gate what the other side has to pass, null for nothing
 */
record Admission(@Nullable String shown, @Nullable Gate gate) {

    /** Nobody shows anything: the channel itself leads to nobody else. */
    static final Admission FREE = new Admission(null, null);

    /** Decides about a token; on the thread that reads. */
    interface Gate {

        /** Returns whether its bearer may come in. */
        boolean admits(String shown) throws IOException;
    }

    /** The other side did not show the token. */
    static final class Refused extends IOException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    static Admission showing(String token) {
        return new Admission(token, null);
    }

    static Admission demanding(Gate gate) {
        return new Admission(null, gate);
    }

    boolean isDemanded() {
        return gate != null;
    }

    /** Throws unless the other side may come in. */
    void check(@Nullable String token) throws IOException {
        if (gate != null && (token == null || !gate.admits(token))) {
            throw new Refused(
                    token == null
                            ? "no token in the hello of the other side"
                            : "wrong token in the hello of the other side");
        }
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "Admission[shows=" + (shown != null) + ", demands=" + (gate != null) + "]";
    }
}
