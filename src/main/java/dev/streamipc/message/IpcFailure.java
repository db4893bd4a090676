package dev.streamipc.message;

import org.jspecify.annotations.Nullable;

/**
 * Why a call, a session or a start ended without a value. The family is sealed: each type asks for a different reaction.
 *
 * <p>The text says what failed, then the facts as {@code name=value} with units, then the next step. Never compare
 * texts; ask the type and its accessors.
 */
public abstract sealed class IpcFailure extends RuntimeException
        permits Cancelled,
                ChildDied,
                DeadlinePassed,
                ProtocolError,
                Rejected,
                RemoteFailure,
                SessionClosed,
                StartFailed,
                Undecodable {

    private static final long serialVersionUID = 1L;

    private final Certainty certainty;

    IpcFailure(String text, Certainty certainty, @Nullable Throwable cause) {
        super(text, cause);
        this.certainty = certainty;
    }

    /**
     * Returns whether the handler was entered.
     *
     * @return what is known; only {@link Certainty#NOT_EXECUTED} makes it safe to call again
     */
    public Certainty certainty() {
        return certainty;
    }
}
