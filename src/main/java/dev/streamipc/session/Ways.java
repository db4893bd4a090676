package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.UnixListener;
import dev.streamipc.message.StartFailed;
import dev.streamipc.process.Child;
import dev.streamipc.process.ChildProcess;
import dev.streamipc.process.OrphanWatch;
import dev.streamipc.process.ParentChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The ways to another side, each of which opens a session. */
final class Ways {

    private final PeerSettings settings;
    private final OpenSessions sessions;

    Ways(PeerSettings settings, OpenSessions sessions) {
        this.settings = settings;
        this.sessions = sessions;
    }

    /** Starts a child and waits for its HELLO. */
    IpcSession toNew(Child child) {
        ChildProcess process = ChildProcess.start(child);
        Admission admission =
                process.gate().map(gate -> Admission.demanding(gate::admits)).orElse(Admission.FREE);
        IpcSession session = sessions.open(process.name(), Role.PARENT, endOf(process), admission);
        Greeting.awaitChild(session.conversation(), process.command());
        return session;
    }

    private static OtherEnd endOf(ChildProcess child) {
        return new WatchedEnd(child.channel(), Optional.of(child), Optional.empty());
    }

    /** Talks to a process that the user has started. */
    IpcSession toProcess(Process process, boolean owned) {
        ChildProcess child = ChildProcess.adopt(process, "pid" + process.pid(), owned);
        return sessions.open(child.name(), Role.PARENT, endOf(child));
    }

    /** Talks to the process that started this one. */
    IpcSession toParent() {
        ParentChannel parent = parentChannel();
        Duration grace = settings.times().orphanGrace();
        OrphanWatch watch = OrphanWatch.start(
                grace,
                () -> SessionLog.LOG.warn("the parent is gone: this process ends in graceMs={}", grace.toMillis()));
        return sessions.open(
                "stdio",
                Role.CHILD,
                new WatchedEnd(parent.channel(), Optional.empty(), Optional.of(watch)),
                parent.token().map(Admission::showing).orElse(Admission.FREE));
    }

    private static ParentChannel parentChannel() {
        try {
            return ParentChannel.open();
        } catch (IOException unreachable) {
            throw new StartFailed("no way to the parent: " + unreachable.getMessage(), List.of(), null, unreachable);
        }
    }

    IpcSession over(IpcChannel channel, Role role) {
        return sessions.open("session", role, WatchedEnd.of(channel));
    }

    /** Talks to who listens on a socket. */
    IpcSession toListener(Path path) {
        return new UnixVisitor(sessions, settings.times().start()).visit(path);
    }

    /** Waits for others on a socket. */
    SessionListener listener(Path path) {
        try {
            SessionListener listener = new SessionListener(UnixListener.at(path), sessions);
            sessions.closeToo(listener, listener::close);
            listener.start();
            return listener;
        } catch (IOException | UnsupportedOperationException failed) {
            throw new StartFailed("no listener: " + failed.getMessage(), List.of(), null, failed);
        }
    }
}
