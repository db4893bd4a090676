package dev.streamipc.session;

/** A registered handler or observer. All methods may be called from any thread, also from inside the handler. */
public interface Subscription extends AutoCloseable {

    /** Leaves the handler out from now on, as if it were not registered. One that runs now goes on. */
    void pause();

    /** Takes the handler in again. */
    void resume();

    /** Removes the handler for good. Closing twice does nothing. */
    @Override
    void close();
}
