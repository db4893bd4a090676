package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Folders of several owners, each of whom sweeps behind the dead, and never harms the living. */
@Timeout(60)
class PrivateFolderTest {

    private static final int FOLDERS = 4_000;

    /** Another process that sweeps, as fast as it can. */
    private static final String SWEEPER = """
            import fcntl, os, sys
            parent = sys.argv[1]
            while not os.path.exists(os.path.join(parent, "end")):
                for name in os.listdir(parent):
                    home = os.path.join(parent, name)
                    lock = os.path.join(home, "owner")
                    try:
                        if not os.path.exists(lock):
                            continue
                        with open(lock, "ab") as file:
                            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                            os.unlink(lock)
                        os.rmdir(home)
                    except OSError:
                        pass
            """;

    @TempDir
    Path parent;

    @Test
    void sweepOfAnotherProcessDisturbsNobodyWhoLeaves() throws Exception {
        Process sweeper = new ProcessBuilder("python3", "-c", SWEEPER, parent.toString())
                .inheritIO()
                .start();
        try {
            for (int i = 0; i < FOLDERS; i++) {
                try (PrivateFolder folder = PrivateFolder.make(parent, "p-")) {
                    assertTrue(Files.isDirectory(folder.path()));
                }
            }
        } finally {
            Files.createFile(parent.resolve("end"));
            sweeper.waitFor();
        }

        assertArrayEquals(new String[] {"end"}, parent.toFile().list());
    }

    @Test
    void folderThatIsFullOfOthersThingsGoesAsWell() throws IOException {
        PrivateFolder folder = PrivateFolder.make(parent, "p-");
        Files.createDirectories(folder.path().resolve("a/b"));

        folder.close();

        assertEquals(0, parent.toFile().list().length);
    }

    @Test
    void folderThatCanNotBeLockedDoesNotStay() {
        assertThrows(IOException.class, () -> PrivateFolder.make(parent.resolve("missing"), "p-"));

        assertEquals(0, parent.toFile().list().length);
    }
}
