package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The sessions of a peer, from their opening until they have released everything. For all threads. */
final class OpenSessions {

    private static final AtomicInteger SESSIONS = new AtomicInteger();

    private final PeerSettings settings;
    private final Set<IpcSession> sessions = ConcurrentHashMap.newKeySet();
    private final Map<Object, Runnable> closeToo = new ConcurrentHashMap<>();
    private volatile boolean closed;

    OpenSessions(PeerSettings settings) {
        this.settings = settings;
    }

    IpcSession open(String label, Role role, OtherEnd otherEnd) {
        return open(label, role, otherEnd, Admission.FREE);
    }

    IpcSession open(String label, Role role, OtherEnd otherEnd, Admission admission) {
        String name = label + "-" + SESSIONS.incrementAndGet();
        Facts facts = new Facts(name, role, otherEnd, admission, settings, JvmSurroundings.INSTANCE);
        List<IpcSession> self = new ArrayList<>(1);
        Conversation conversation = converse(facts, self);
        IpcSession session = new IpcSession(facts, conversation);
        self.add(session);
        sessions.add(session);
        try {
            if (closed) {
                throw new IllegalStateException("peer is closed: it opens no session any more");
            }
            conversation.open();
        } catch (RuntimeException | Error failure) {
            // nobody gets this session, so nobody else would end what is behind it
            conversation.ending.abandon("it never opened");
            throw failure;
        }
        return session;
    }

    private Conversation converse(Facts facts, List<IpcSession> self) {
        try {
            return new Conversation(facts, orderly -> sessions.removeAll(self));
        } catch (RuntimeException | Error failure) {
            // what the user gave may throw, such as the maker of request ids: the process and the channel must not stay
            facts.otherEnd().release(Duration.ZERO);
            throw failure;
        }
    }

    List<BroadcastResult> broadcast(Message message) {
        List<BroadcastResult> results = new ArrayList<>();
        for (IpcSession session : all()) {
            results.add(new BroadcastResult(session, refusalOf(session, message)));
        }
        return results;
    }

    private static Optional<IpcFailure> refusalOf(IpcSession session, Message message) {
        try {
            session.notifyAtOnce(message);
            return Optional.empty();
        } catch (IpcFailure refusal) {
            return Optional.of(refusal);
        }
    }

    /** Returns a copy; who has still to show a token is not in it. */
    List<IpcSession> all() {
        return sessions.stream()
                .filter(session -> session.conversation().isAdmitted())
                .toList();
    }

    int size() {
        return all().size();
    }

    /** Closes something before the sessions, unless it is forgotten before; at once if they are closed. */
    void closeToo(Object thing, Runnable action) {
        closeToo.put(thing, action);
        if (closed) {
            action.run();
        }
    }

    void forget(Object thing) {
        closeToo.remove(thing);
    }

    /** Closes all at the same time, and opens none any more. */
    void close() {
        closed = true;
        closeToo.values().forEach(Runnable::run);
        List<IpcSession> open = List.copyOf(sessions);
        open.forEach(IpcSession::beginClose);
        open.forEach(IpcSession::close);
    }
}
