package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.NioChannel;
import dev.streamipc.faults.Calls.Done;
import dev.streamipc.faults.Calls.Work;
import dev.streamipc.message.StartFailed;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Role;
import dev.streamipc.session.SessionListener;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Strangers at a socket, and a side that ends its direction while answers are owed to it. */
class SocketsTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int OWED = 100;
    private static final int NOBODY = 65_534;
    private static final String CONNECT = """
            import os, socket, sys
            os.setgroups([])
            os.setgid(%d)
            os.setuid(%d)
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(10)
            try:
                s.connect(sys.argv[1])
                print(os.getuid(), "closed" if s.recv(1) == b"" else "answered")
            except OSError as e:
                print(os.getuid(), type(e).__name__)
            """.formatted(NOBODY, NOBODY);

    private static final Rows ROWS = new Rows(SocketsTest.class);

    private static IpcPeer peer() {
        return IpcPeer.builder()
                .messages(Calls.ALL)
                .closeLimit(Duration.ofSeconds(1))
                .build();
    }

    private static Path tokenOf(SessionListener listener) {
        return Path.of(listener.path() + ".token");
    }

    @Test
    void anotherUserIsRefused() throws Exception {
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        assertTrue(isRoot || System.getenv("CI") == null, "only root can change its user");
        assumeTrue(isRoot, "only root can change its user");
        ROWS.playRaw("socket.other-user", 1, (combo, number) -> evidence -> {
            Path folder = Files.createTempDirectory("faults-");
            try (IpcPeer server = peer()) {
                SessionListener listener = server.listenUnix(folder.resolve("home/x.sock"));
                boolean opened = number % 2 == 0;
                if (opened) {
                    open(folder, listener.path().getParent(), listener.path());
                }
                String became = asNobody(listener.path());
                evidence.proof("uid", became.split(" ")[0]).proof("became", became.split(" ")[1]);
                evidence.require(
                        became.equals(NOBODY + (opened ? " closed" : " PermissionError")), "another end: " + became);
                evidence.require(listener.turnedAway() == (opened ? 1 : 0), "turnedAway=" + listener.turnedAway());
                evidence.require(server.sessions().isEmpty(), "a session for a stranger");
            } finally {
                Launchpad.delete(folder);
            }
        });
    }

    private static void open(Path... paths) throws Exception {
        for (Path path : paths) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
    }

    private static String asNobody(Path socket) throws Exception {
        Process python = new ProcessBuilder("python3", "-c", CONNECT, socket.toString()).start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        python.waitFor(10, TimeUnit.SECONDS);
        return said.strip();
    }

    @Test
    void aWrongOrAUsedTokenIsRefused() throws Exception {
        ROWS.playRaw("socket.token", 2, (combo, number) -> evidence -> {
            Path folder = Files.createTempDirectory("faults-");
            try (IpcPeer server = peer();
                    IpcPeer client = peer()) {
                SessionListener listener = server.listenUnix(folder.resolve("home/x.sock"));
                String used = Files.readString(tokenOf(listener));
                client.createUnixSession(listener.path());
                IpcSession first = listener.accept(LONG).orElseThrow();
                String fresh = Files.readString(tokenOf(listener));
                boolean replayed = number % 2 == 0;
                Files.writeString(tokenOf(listener), replayed ? used : "0".repeat(64));
                try {
                    client.createUnixSession(listener.path());
                    evidence.violation("let in by a wrong token");
                } catch (StartFailed refused) {
                    evidence.proof("token", replayed ? "used" : "wrong").failed(refused);
                }
                Eventually.await("it is counted", () -> listener.turnedAway() == 1);
                evidence.require(server.sessions().equals(List.of(first)), "a session for a stranger");
                Files.writeString(tokenOf(listener), fresh);
                client.createUnixSession(listener.path());
                evidence.require(listener.accept(LONG).isPresent(), "the right token no longer fits");
            } finally {
                Launchpad.delete(folder);
            }
        });
    }

    @Test
    void answersThatAreOwedAreDelivered() throws Exception {
        ROWS.playRaw("socket.half-close", 2, (combo, number) -> evidence -> {
            Pipe up = Pipe.open();
            Pipe down = Pipe.open();
            CountDownLatch entered = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            try (IpcPeer server = peer();
                    IpcPeer client = IpcPeer.builder()
                            .messages(Calls.ALL)
                            .serializers(Serializers.of(combo))
                            .build()) {
                IpcChannel asking = NioChannel.of(down.source(), up.sink());
                IpcSession child = server.createSession(NioChannel.of(up.source(), down.sink()), Role.CHILD);
                child.onRequest(Work.class, work -> {
                    entered.countDown();
                    go.await();
                    return new Done(work.id(), work.fill());
                });
                child.start();
                IpcSession parent = client.createSession(asking, Role.PARENT);
                List<CompletableFuture<Done>> calls = new ArrayList<>();
                for (int id = 0; id < OWED; id++) {
                    calls.add(parent.request(new Work(id, "hold", "fill")));
                }
                parent.flush(LONG);
                entered.await();
                up.sink().close();
                Eventually.await("the end is seen", () -> hasEnded(child));
                go.countDown();
                for (int id = 0; id < OWED; id++) {
                    evidence.require(calls.get(id).join().equals(new Done(id, "fill")), "another answer: id=" + id);
                    evidence.answered();
                }
                evidence.proof("directionClosed", true).proof("owed", OWED);
            } finally {
                up.source().close();
                down.sink().close();
            }
        });
    }

    /** Its own calls end at once, because no answer can come. */
    private static boolean hasEnded(IpcSession session) {
        return session.request(new Work(0, "echo", "")).isCompletedExceptionally();
    }
}
