package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.UnixListener;
import dev.streamipc.channel.UnixSockets;
import dev.streamipc.message.StartFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Knocks at a listener's door with the token that stands beside it. */
final class UnixVisitor {

    private final OpenSessions sessions;
    private final Duration limit;

    UnixVisitor(OpenSessions sessions, Duration limit) {
        this.sessions = sessions;
        this.limit = limit;
    }

    /** A token is good for one: if somebody else was let in by it meanwhile, there is a new one to try. */
    IpcSession visit(Path path) {
        long startNanos = System.nanoTime();
        String token = token(path);
        while (true) {
            IpcSession session = open(path, token);
            StartFailed failed = Greeting.awaitListener(session.conversation());
            if (failed == null) {
                return session;
            }
            session.beginClose();
            String fresh = token(path);
            if (fresh.equals(token) || System.nanoTime() - startNanos > limit.toNanos()) {
                throw failed;
            }
            token = fresh;
        }
    }

    private static String token(Path path) {
        try {
            return UnixListener.tokenBeside(path);
        } catch (IOException failed) {
            throw new StartFailed(
                    "no token beside the socket: path=" + path + ", cause=" + failed
                            + "; does a listener of this user run there?",
                    List.of(),
                    null,
                    failed);
        }
    }

    private IpcSession open(Path path, String token) {
        try {
            IpcChannel channel = UnixSockets.connect(path);
            return sessions.open("unix", Role.CHILD, WatchedEnd.of(channel), Admission.showing(token));
        } catch (IOException failed) {
            throw new StartFailed(String.valueOf(failed.getMessage()), List.of(), null, failed);
        }
    }
}
