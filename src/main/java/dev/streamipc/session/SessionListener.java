package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.UnixListener;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes the connections of strangers to a Unix domain socket and hands out a session for each that has shown the token:
 * the parent's end. Made by {@link IpcPeer#listenUnix}. For all threads.
 *
 * <p>At most {@link #MAX_NEWCOMERS} connections at a time may be on their way to their HELLO, for 5 s each; one more pushes
 * out the oldest, so that connections that say nothing keep nobody else out. At most {@link #MAX_WAITING} sessions wait to be
 * taken; one more is closed at once.
 */
public final class SessionListener implements AutoCloseable {

    /** 64 connections. */
    public static final int MAX_NEWCOMERS = 64;
    /** 64 sessions. */
    public static final int MAX_WAITING = 64;

    private static final long BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final UnixListener listener;
    private final OpenSessions sessions;
    private final Lobby<IpcSession> lobby = new Lobby<>(MAX_NEWCOMERS, MAX_WAITING);
    private final AtomicLong turnedAway = new AtomicLong();
    private volatile boolean closed;

    SessionListener(UnixListener listener, OpenSessions sessions) {
        this.listener = listener;
        this.sessions = sessions;
    }

    void start() {
        Thread thread = new Thread(this::acceptOn, "streamipc-listener-" + path().getFileName());
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptOn() {
        while (!closed) {
            try {
                welcome(listener.accept());
            } catch (ClosedChannelException over) {
                return;
            } catch (IOException | RuntimeException | OutOfMemoryError failed) {
                // too many open files, say, or threads: it would fail again at once
                SessionLog.LOG.warn("connection not accepted: path={}", path(), failed);
                LockSupport.parkNanos(this, BACKOFF_NANOS);
            }
        }
    }

    private void welcome(IpcChannel channel) {
        IpcSession newcomer =
                sessions.open("unix", Role.PARENT, WatchedEnd.of(channel), Admission.demanding(listener::admits));
        lobby.enter(newcomer)
                .ifPresent(oldest -> oldest.conversation().ending.abandon("too many connections without a hello"));
        newcomer.conversation().agreement().whenComplete((agreed, failed) -> decide(newcomer, failed == null));
        newcomer.conversation().driving.startReader();
    }

    /** On the thread that reads the newcomer, or on the one that ends it. */
    private void decide(IpcSession newcomer, boolean agreed) {
        if (agreed && lobby.admit(newcomer)) {
            return;
        }
        lobby.leave(newcomer);
        turnedAway.incrementAndGet();
        if (agreed) {
            newcomer.beginClose();
        }
    }

    /**
     * Waits for the next session. Its other side has said HELLO and knows the token; it waits for this side's start.
     *
     * @param limit how long to wait at most; a day at most
     * @return the session, which is the caller's to close; empty when the time is up or the listener is closed
     * @throws InterruptedException if the thread is interrupted
     */
    public Optional<IpcSession> accept(Duration limit) throws InterruptedException {
        return lobby.take(IpcSession.atMostADay(limit).toNanos());
    }

    /**
     * Returns where this listens.
     *
     * @return an absolute path without links
     */
    public Path path() {
        return listener.path();
    }

    /**
     * Returns how many connections got no session: another user's, no or a wrong token, no HELLO in time, or nobody to take
     * them.
     *
     * @return 0 or more
     */
    public long turnedAway() {
        return turnedAway.get() + listener.strangers();
    }

    /** Accepts no more and removes the socket. Sessions that were taken go on; those that nobody took are closed. */
    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
        } catch (IOException failed) {
            SessionLog.LOG.warn("socket not removed: path={}", path(), failed);
        }
        lobby.close().forEach(IpcSession::beginClose);
        sessions.forget(this);
    }
}
