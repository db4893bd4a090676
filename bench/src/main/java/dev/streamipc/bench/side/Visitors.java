package dev.streamipc.bench.side;

import dev.streamipc.bench.side.Echo.Ask;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.SessionListener;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Many sessions with one other process, over Unix sockets: what grows is their number alone. */
public final class Visitors implements AutoCloseable {

    private final Path folder;
    private final IpcPeer peer;
    private final Process process;
    final List<IpcSession> sessions = new ArrayList<>();

    private Visitors(Path folder, IpcPeer peer, Process process) {
        this.folder = folder;
        this.peer = peer;
        this.process = process;
    }

    static Visitors of(int count) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("visitors");
        IpcPeer peer = Echo.peer().build();
        try (SessionListener listener = peer.listenUnix(folder.resolve("s"))) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Visitors.class.getName(),
                            folder.resolve("s").toString(),
                            Integer.toString(count))
                    .redirectError(Redirect.INHERIT)
                    .start();
            Visitors visitors = new Visitors(folder, peer, process);
            for (int at = 0; at < count; at++) {
                visitors.sessions.add(listener.accept(Duration.ofSeconds(30)).orElseThrow());
            }
            return visitors;
        }
    }

    /** The other process: opens so many sessions, and answers on each. */
    public static void main(String[] words) throws InterruptedException {
        int count = Integer.parseInt(words[1]);
        try (IpcPeer peer = Echo.peer().build()) {
            List<IpcSession> sessions = new ArrayList<>();
            for (int at = 0; at < count; at++) {
                IpcSession session = peer.createUnixSession(Path.of(words[0]));
                session.onRequest(Ask.class, Echo::answer);
                session.start();
                sessions.add(session);
            }
            while (!sessions.get(0).awaitClosed(Duration.ofHours(1))) {
                // Still in use.
            }
        }
    }

    @Override
    public void close() throws IOException {
        peer.close();
        process.destroy();
        Files.deleteIfExists(folder);
    }
}
