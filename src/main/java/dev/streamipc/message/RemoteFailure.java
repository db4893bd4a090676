package dev.streamipc.message;

import org.jspecify.annotations.Nullable;

/** The handler on the other side threw. Carries what it threw as text, never as an object. */
public final class RemoteFailure extends IpcFailure {

    private static final long serialVersionUID = 1L;

    private final String remoteType;
    private final @Nullable String remoteMessage;
    private final String remoteStack;

    /**
     * Makes the failure.
     *
     * @param remoteType the name of the thrown type, in the other side's language
     * @param remoteMessage its message, null if it had none
     * @param remoteStack its stack as text, may be empty
     */
    public RemoteFailure(String remoteType, @Nullable String remoteMessage, String remoteStack) {
        super("handler failed: type=" + remoteType + ", message=" + remoteMessage, Certainty.EXECUTED, null);
        this.remoteType = remoteType;
        this.remoteMessage = remoteMessage;
        this.remoteStack = remoteStack;
    }

    /**
     * Returns the name of the thrown type.
     *
     * @return a class name in the other side's language
     */
    public String remoteType() {
        return remoteType;
    }

    /**
     * Returns the message of what was thrown.
     *
     * @return the text, null if there was none
     */
    public @Nullable String remoteMessage() {
        return remoteMessage;
    }

    /**
     * Returns the stack of what was thrown.
     *
     * @return text of several lines, may be empty
     */
    public String remoteStack() {
        return remoteStack;
    }
}
