package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveFolderTest {

    private static final int NOBODY = 65_534;

    @TempDir
    Path folder;

    @Test
    void folderIsMadeForItsOwnerAloneWithAllAboveIt() throws Exception {
        Path made = ArchiveFolder.open(folder.resolve("a/b")).path();

        assertEquals(folder.toRealPath().resolve("a/b"), made);
        for (Path each : List.of(made, made.getParent())) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
        }
    }

    @Test
    void folderThatOthersCouldWriteToIsRefused() throws Exception {
        for (String mode : List.of("rwxrwx---", "rwx----w-")) {
            Path open = Files.createDirectory(folder.resolve("open" + mode));
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));

            assertRefused("open to others", open);
        }
    }

    @Test
    void fileIsRefused() throws Exception {
        assertRefused("open to others", Files.writeString(folder.resolve("file"), ""));
    }

    @Test
    void folderOfAnotherUserIsRefused() throws Exception {
        assertRefused("another user's", foreign());
    }

    @Test
    void linkToAFolderOfAnotherUserIsRefused() throws Exception {
        assertRefused("another user's", Files.createSymbolicLink(folder.resolve("link"), foreign()));
    }

    @Test
    void folderThatIsRefusedMeansNoArchive() throws Exception {
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Archives archives = new Archives(open);
        try (PackedClassPath jars = PackedClassPath.of(PackedClassPath.jar(folder.resolve("a.jar"), EchoMain.class))) {
            assertFalse(archives.trains(archives.child()), () -> "on " + jars);
        }
        assertEquals(List.of(), archives.names());
    }

    @Test
    void nameThatAJvmWouldMisreadIsRefused() {
        for (String name : List.of("a" + File.pathSeparator + "b", "a%p", "a\nb")) {
            IOException failed = assertThrows(IOException.class, () -> ArchiveFolder.open(folder.resolve(name)));

            assertTrue(failed.getMessage().contains("that no JVM option can carry"), failed::getMessage);
        }
    }

    @Test
    void lockHasOneHolder() throws IOException {
        ArchiveFolder made = ArchiveFolder.open(folder.resolve("a"));
        try (ArchiveLock lock = ArchiveLock.take(made).orElseThrow()) {
            assertEquals(Optional.empty(), ArchiveLock.take(made), () -> "held by " + lock);
        }
        ArchiveLock.take(made).orElseThrow().close();
    }

    /** Whoever is not root has a folder of root's to try. */
    private Path foreign() throws IOException {
        if (!Files.getOwner(folder).getName().equals("root")) {
            return Path.of("/usr");
        }
        Path given = Files.createDirectory(folder.resolve("given"));
        Files.setAttribute(given, "unix:uid", NOBODY);
        return given;
    }

    private static void assertRefused(String why, Path wanted) {
        ArchiveFolder.Unsafe failed = assertThrows(ArchiveFolder.Unsafe.class, () -> ArchiveFolder.open(wanted));

        assertTrue(failed.getMessage().contains(why), failed::getMessage);
    }
}
