package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.streamipc.process.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnixListenerTest {

    private static final int NOBODY = 65_534;

    @TempDir
    private Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    private Process listenElsewhere(String how, Path where) throws IOException {
        Process process = Jvm.of(ListenerMain.class, how, where.toString()).start();
        processes.add(process);
        return process;
    }

    private static String firstLine(Process process) throws IOException {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    }

    @Test
    void whatADeadOwnerLeftIsReplaced() throws Exception {
        Path path = folder.resolve("home/x.sock");
        Process owner = listenElsewhere("at", path);
        firstLine(owner);
        String tokenBefore = UnixListener.tokenBeside(path);
        kill(owner);
        assertTrue(Files.exists(path));

        try (UnixListener listener = UnixListener.at(path)) {
            assertNotEquals(tokenBefore, UnixListener.tokenBeside(path));
            assertEquals(listener.secret(), UnixListener.tokenBeside(path));
            UnixSockets.connect(path).close();
        }
        assertEquals(List.of(), filesIn(path.getParent()));
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void whatALivingOwnerHasIsLeftAlone() throws Exception {
        Path path = folder.resolve("home/x.sock");
        Process owner = listenElsewhere("at", path);
        firstLine(owner);
        List<Path> before = filesIn(path.getParent());

        for (int i = 0; i < 3; i++) {
            IOException refused = assertThrows(IOException.class, () -> UnixListener.at(path));
            assertTrue(String.valueOf(refused.getMessage()).startsWith("socket is in use"), refused.getMessage());
        }

        assertEquals(before.size(), filesIn(path.getParent()).size());
        UnixSockets.connect(path).close();
    }

    @Test
    void ofManyThatStartAtOnceBehindADeadOwnerOneListens() throws Exception {
        Path path = folder.resolve("home/x.sock");
        Process owner = listenElsewhere("at", path);
        firstLine(owner);
        kill(owner);
        List<CompletableFuture<Object>> starts = new ArrayList<>();

        for (int i = 0; i < 16; i++) {
            starts.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return UnixListener.at(path);
                } catch (IOException refused) {
                    return String.valueOf(refused.getMessage());
                }
            }));
        }

        List<Object> outcomes = starts.stream().map(CompletableFuture::join).toList();
        List<UnixListener> listeners = outcomes.stream()
                .filter(UnixListener.class::isInstance)
                .map(UnixListener.class::cast)
                .toList();
        assertEquals(1, listeners.size(), outcomes.toString());
        UnixSockets.connect(path).close();
        listeners.get(0).close();
    }

    @Test
    void privateFoldersOfTheDeadAreSweptAndThoseOfTheLivingStay() throws Exception {
        Process dead = listenElsewhere("private", folder);
        Process living = listenElsewhere("private", folder);
        Path deadSocket = Path.of(firstLine(dead));
        Path livingSocket = Path.of(firstLine(living));
        kill(dead);
        assertTrue(Files.exists(deadSocket.getParent()));

        try (UnixListener own = UnixListener.inPrivate(folder);
                UnixListener another = UnixListener.inPrivate(folder)) {
            assertFalse(Files.exists(deadSocket.getParent()));
            UnixSockets.connect(livingSocket).close();
            UnixSockets.connect(own.path()).close();
            UnixSockets.connect(another.path()).close();
        }
        assertEquals(List.of(livingSocket.getParent()), filesIn(folder));
    }

    @Test
    void folderOfSomebodyElseIsNotSwept() throws Exception {
        Path foreign = Files.createDirectory(folder.resolve("streamipc-socket-foreign"));
        Files.writeString(foreign.resolve("data"), "precious");

        UnixListener.inPrivate(folder).close();

        assertEquals("precious", Files.readString(foreign.resolve("data")));
    }

    @Test
    void socketOfAnotherProgramThatListensIsLeftAlone() throws Exception {
        Path home = SocketFolder.require(folder.resolve("home"));
        Path path = home.resolve("other.sock");
        try (var other = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            other.bind(java.net.UnixDomainSocketAddress.of(path));

            IOException refused = assertThrows(IOException.class, () -> UnixListener.at(path));

            assertTrue(String.valueOf(refused.getMessage()).contains("no stream-ipc listener"), refused.getMessage());
            assertEquals(List.of(path), filesIn(home));
        }
    }

    /** Connects as another user, who knows the token and says nothing; prints what became of it. */
    private String connectAsNobody(Path path) throws Exception {
        String script = """
                import os, socket, sys
                os.setgroups([])
                os.setgid(%d)
                os.setuid(%d)
                s = socket.socket(socket.AF_UNIX)
                s.settimeout(10)
                try:
                    s.connect(sys.argv[1])
                    print("closed" if s.recv(1) == b"" else "answered")
                except OSError as e:
                    print(type(e).__name__)
                """.formatted(NOBODY, NOBODY);
        Process python = new ProcessBuilder("python3", "-c", script, path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(python);
        return firstLine(python);
    }

    private static void requireRoot() {
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        assertTrue(isRoot || System.getenv("CI") == null, "only root can change its user");
        assumeTrue(isRoot, "only root can change its user");
    }

    private static void chmod(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @Test
    void otherUserDoesNotGetNearTheSocket() throws Exception {
        requireRoot();
        chmod(folder, "rwxrwxrwx");
        try (UnixListener listener = UnixListener.at(folder.resolve("home/x.sock"))) {
            assertEquals("PermissionError", connectAsNobody(listener.path()));
            assertEquals(0, listener.strangers());
        }
    }

    @Test
    void otherUserIsRefusedAlsoWhereSomebodyHasOpenedTheFolder() throws Exception {
        requireRoot();
        Path path = folder.resolve("home/x.sock");
        try (UnixListener listener = UnixListener.at(path)) {
            chmod(folder, "rwxrwxrwx");
            chmod(path.getParent(), "rwxrwxrwx");
            chmod(path, "rwxrwxrwx");
            CompletableFuture<Integer> accepted = CompletableFuture.supplyAsync(() -> {
                try (IpcChannel ours = listener.accept()) {
                    return ours.read(ByteBuffer.allocate(1));
                } catch (IOException failed) {
                    return -2;
                }
            });

            assertEquals("closed", connectAsNobody(path));
            assertEquals(1, listener.strangers());
            assertFalse(accepted.isDone());

            try (IpcChannel own = UnixSockets.connect(path)) {
                own.write(ByteBuffer.wrap(new byte[] {1}));
                assertEquals(1, accepted.get(10, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void filesAreShutWhateverTheUmaskIs() throws Exception {
        for (String umask : List.of("000", "022", "077")) {
            Path path = folder.resolve("home" + umask + "/x.sock");
            List<String> words = new ArrayList<>(
                    Jvm.of(ListenerMain.class, "at", path.toString()).command());
            words.addAll(0, List.of("sh", "-c", "umask " + umask + " && exec \"$0\" \"$@\""));
            Process owner = new ProcessBuilder(words).start();
            processes.add(owner);
            firstLine(owner);

            assertEquals("rwx------", mode(path.getParent()));
            assertEquals("rw-------", mode(path));
            assertEquals("rw-------", mode(path.resolveSibling("x.sock.token")));
            assertEquals("rw-------", mode(path.resolveSibling("x.sock.lock")));
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void tokenIsComparedWholeAndGoodOnce() throws Exception {
        try (UnixListener listener = UnixListener.inPrivate(folder)) {
            String token = listener.secret();
            assertFalse(listener.admits(""));
            assertFalse(listener.admits(token.substring(1)));
            assertFalse(listener.admits(token + "0"));

            assertTrue(listener.admits(token));

            assertFalse(listener.admits(token));
            assertEquals("SocketToken[hidden]", SocketToken.random().toString());
        }
    }

    @Test
    void pathIsMeasuredInBytes() throws Exception {
        Path path = folder.resolve("h").resolve("\u00e4".repeat(60));

        IOException refused = assertThrows(IOException.class, () -> UnixListener.at(path));

        assertTrue(String.valueOf(refused.getMessage()).contains("maxBytes=107"), refused.getMessage());
    }
}
