package dev.streamipc.session;

import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Whether a request is still wanted, for the handler that works at it.
 *
 * <p>A request is cancelled when its caller cancels it or says goodbye, when its deadline passes at this side's clock, which
 * is up to 1 ms behind the caller's, and when the session ends. Nothing is stopped by force: the handler looks, or asks to
 * be called or interrupted. Once the handler has returned nothing is cancelled any more. All methods may be called from any
 * thread, and none blocks.
 */
public interface Cancellation {

    /**
     * Returns whether nobody waits for the answer any more.
     *
     * @return true from the cancel on
     */
    boolean isCancelled();

    /**
     * Returns why the request was cancelled.
     *
     * @return a text for people, such as the one that the caller's side sent; empty while it is not cancelled
     */
    Optional<String> reason();

    /**
     * Goes on only if the request is still wanted.
     *
     * @throws CancellationException with the reason, if it is cancelled
     */
    void throwIfCancelled();

    /**
     * Has an action run when the request is cancelled: at most once, on the callback executor, at once if it is cancelled
     * already. Several run in the order in which they came. None begins after the handler has returned.
     *
     * @param action must not block for long; what it throws is logged
     */
    void onCancel(Runnable action);

    /**
     * Has a cancel interrupt the thread that runs the handler, at once if the request is cancelled already. The flag of such
     * an interrupt never outlasts the handler. Beware of what an interrupt does to the handler's own work: it closes an NIO
     * channel that the thread is using.
     */
    void interruptHandler();
}
