package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.LateChannel;
import dev.streamipc.channel.UnixListener;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The line that invites a child to a socket, and the socket that waits for it. */
class InvitationTest {

    private static final String SECRET = "0123456789abcdef".repeat(4);

    private static InputStream stdin(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(Invitation.Start start) {
        return new String(start.read().array(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNIX_SOCKET", "SHARED_MEMORY"})
    void lineIsReadAndNoByteBehindIt(ChildChannel channel) throws IOException {
        Invitation sent = new Invitation(channel, Path.of("/tmp/a b/\u00e4/s"), SECRET);
        InputStream stdin = stdin(new String(sent.line(), StandardCharsets.UTF_8) + "more");

        assertEquals(Optional.of(sent), Invitation.read(stdin).invitation());

        assertEquals("more", new String(stdin.readAllBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNoInvitationIsGivenBack() throws IOException {
        InputStream frame = stdin("\u00fa frame");
        Invitation.Start start = Invitation.read(frame);
        assertFalse(start.invitation().isPresent());
        assertEquals(1, start.read().remaining());

        for (String other :
                new String[] {"", "s", "something else\n", "stream-ipc unix-socket 12 /tmp/s\n", "s".repeat(2_000)}) {
            Invitation.Start given = Invitation.read(stdin(other));
            assertFalse(given.invitation().isPresent());
            assertEquals(other.substring(0, Math.min(other.length(), 1_024)), read(given));
        }
    }

    @Test
    void secretIsNotShown() {
        assertEquals(
                "Invitation[socket=/tmp/s]",
                new Invitation(ChildChannel.UNIX_SOCKET, Path.of("/tmp/s"), SECRET).toString());
        assertEquals("ParentChannel[over=stdio]", new ParentChannel(null, Optional.empty()).toString());
        assertEquals("ParentChannel[over=invitation]", new ParentChannel(null, Optional.of(SECRET)).toString());
    }

    @Test
    void socketGoesToAShorterFolderIfTheUsualOneDoesNotDo() throws Exception {
        String usual = System.getProperty("java.io.tmpdir");
        System.setProperty("java.io.tmpdir", "/no/such/folder");
        try {
            ChildLink link = ChildLink.open(Route.of(ChildChannel.UNIX_SOCKET));
            Path socket = link.gate().orElseThrow().path();
            assertTrue(socket.startsWith("/tmp"), socket.toString());

            link.abandon();

            assertFalse(Files.exists(socket.getParent()));
        } finally {
            System.setProperty("java.io.tmpdir", usual);
        }
        ChildLink.STDIO.abandon();
        assertFalse(ChildLink.open(Route.STDIO).gate().isPresent());
    }

    @Test
    void nobodyIsWrittenToBeforeSomebodyHasConnected() throws Exception {
        UnixListener listener = UnixListener.inPrivate(Path.of(System.getProperty("java.io.tmpdir")));
        try (LateChannel late = new LateChannel(listener)) {
            IOException refused = org.junit.jupiter.api.Assertions.assertThrows(
                    IOException.class, () -> late.write(ByteBuffer.allocate(1)));
            assertEquals("nobody has connected yet", refused.getMessage());
        }
        assertFalse(Files.exists(listener.path()));
    }
}
