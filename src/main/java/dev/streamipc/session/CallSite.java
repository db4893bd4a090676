package dev.streamipc.session;

/** Marks, in the stack of a failure that was made on another thread, who waited for it. */
final class CallSite extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CallSite() {
        super("waited for here");
    }
}
