package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.streamipc.channel.Eventually;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.StartFailed;
import dev.streamipc.process.Child;
import dev.streamipc.process.ChildChannel;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Blob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A child that talks over a Unix domain socket. */
@Timeout(60)
class SocketChildTest {

    final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .limits(Limits.DEFAULT.withMaxPayloadBytes(80 << 20))
            .build();

    @TempDir
    private Path folder;

    private List<Path> foldersBefore = List.of();

    @BeforeEach
    void look() throws IOException {
        foldersBefore = folders();
    }

    @AfterEach
    void close() {
        peer.close();
    }

    Child over(Child child) {
        return child.over(ChildChannel.UNIX_SOCKET);
    }

    /** Where the folder with the socket is. */
    Path place() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> all = Files.list(place())) {
            return all.filter(path -> path.getFileName().toString().startsWith("streamipc-socket-"))
                    .toList();
        }
    }

    /** Those of other processes come and go as they like. */
    private boolean isNoFolderLeft() throws IOException {
        return foldersBefore.containsAll(folders());
    }

    IpcSession spawn(Class<?> main, String... arguments) {
        return peer.spawn(over(Child.java(main).arguments(arguments)));
    }

    @Test
    void theSameProgramTalksOverASocket() throws Exception {
        for (String drive : List.of("serve", "start", "tick")) {
            IpcSession child = spawn(EchoChild.class, drive);

            assertEquals("over", child.call(new Ask("over")).text());
            Eventually.await("no folder is left", this::isNoFolderLeft);
            child.close();
        }
    }

    @Test
    void largeMessagesGoThereAndBack() {
        byte[] bytes = new byte[64 << 20];
        new java.util.Random(1).nextBytes(bytes);

        byte[] back = spawn(EchoChild.class).call(new Blob(bytes)).bytes();

        assertArrayEquals(bytes, back);
    }

    @Test
    void manyCallsAtOnceAreAnswered() {
        IpcSession child = spawn(EchoChild.class, "start");

        List<CompletableFuture<Answer>> calls = java.util.stream.IntStream.range(0, 10_000)
                .mapToObj(number -> child.request(new Ask("" + number)))
                .toList();

        for (int i = 0; i < calls.size(); i++) {
            assertEquals("" + i, calls.get(i).join().text());
        }
    }

    @Test
    void pythonChildTalksOverASocketToo() throws Exception {
        Path script = Files.writeString(folder.resolve("child.py"), Samples.PYTHON_SESSION + """
                import os, threading

                @session.on_request(Ask)
                def ask(ask):
                    print("printed: " + ask.text)
                    os.system("echo from a shell")
                    if ask.text == "back":
                        return Answer("asked back: " + session.call(Ask("from below")).text)
                    return Answer(ask.text * 2)

                session.serve()
                """);
        IpcSession child = peer.spawn(over(Child.python(script)));
        child.onRequest(Ask.class, ask -> new Answer(ask.text() + "!"));

        assertEquals("xx", child.call(new Ask("x")).text());
        assertEquals("asked back: from below!", child.call(new Ask("back")).text());
        String large = "y".repeat(5 << 20);
        assertEquals(large.length() * 2, child.call(new Ask(large)).text().length());
        assertEquals(0, child.stats().in().junkBytes());
        child.close();
        assertEquals(0, child.exited().get(10, TimeUnit.SECONDS).exitCode().orElseThrow());
    }

    @Test
    void aChildsOwnChildrenOverStdioDoNotTakeItsInvitation() {
        IpcSession child = spawn(NestingChild.class);

        assertEquals("inner: x, by hand: x", child.call(new Ask("x")).text());
    }

    @Test
    void readerIsAVirtualThreadWhereTheJvmHasThem() {
        IpcSession child = spawn(EchoChild.class, "start");
        child.call(new Ask("x"));

        // virtual threads are not among these
        long platform = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("streamipc-reader-" + child.name()))
                .count();

        assertEquals(isReaderVirtual() ? 0 : 1, platform);
    }

    boolean isReaderVirtual() {
        return Runtime.version().feature() >= 21;
    }

    @Test
    void stdoutIsJustALog() {
        IpcSession child = spawn(SocketChild.class);

        child.call(new Ask("to stdout"));

        assertEquals(0, child.stats().in().junkBytes());
    }

    @Test
    void deathOfTheChildEndsItsCallsWithAReport() throws Exception {
        IpcSession child = spawn(EchoChild.class);
        child.call(new Ask("x"));

        child.process().orElseThrow().destroyForcibly();

        CompletionException failed = assertThrows(CompletionException.class, () -> {
            while (true) {
                child.request(new Ask("y")).join();
            }
        });
        ChildDied died = assertInstanceOf(ChildDied.class, failed.getCause());
        assertEquals("SIGKILL", died.report().signal().orElseThrow());
    }

    @Test
    void childThatNeverConnectsIsStoppedAndItsSocketIsGone() throws Exception {
        Child silent = over(Child.command("sleep", "1000")).startLimit(Duration.ofMillis(300));

        assertThrows(StartFailed.class, () -> peer.spawn(silent));

        awaitNoSocket();
    }

    @Test
    void childThatEndsAtOnceIsReportedAndItsSocketIsGone() throws Exception {
        Child hasty = over(Child.command("sh", "-c", "exit 7"));

        StartFailed failed = assertThrows(StartFailed.class, () -> peer.spawn(hasty));

        assertEquals(7, failed.report().orElseThrow().exitCode().orElseThrow());
        awaitNoSocket();
    }

    private void awaitNoSocket() throws Exception {
        Eventually.await("the socket is gone", this::isNoFolderLeft);
    }

    @Test
    void childThatCantBeStartedLeavesNoSocket() throws Exception {
        Child none = over(Child.command("/no/such/program"));

        assertThrows(StartFailed.class, () -> peer.spawn(none));

        Eventually.await("no folder is left", this::isNoFolderLeft);
    }

    @Test
    void anInterruptOfTheAskingThreadHarmsNoSession() throws Exception {
        IpcSession child = spawn(EchoChild.class, "start");

        for (int i = 0; i < 1_000; i++) {
            Thread.currentThread().interrupt();
            CompletableFuture<Answer> call = child.request(new Ask("" + i));
            Thread.interrupted();
            assertEquals("" + i, call.join().text());
        }
    }
}
