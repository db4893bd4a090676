package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several parents, in JVMs of their own, with one folder of archives. */
@Timeout(120)
class ArchiveProcessesTest {

    @TempDir
    Path folder;

    private Archives archives;
    private PackedClassPath classPath;

    @BeforeEach
    void packs() throws IOException {
        archives = new Archives(folder.resolve("archives"));
        classPath = PackedClassPath.ofThisJvm(folder);
    }

    @AfterEach
    void restores() {
        classPath.close();
    }

    @Test
    void parentsThatStartAtOnceMakeOneArchive() throws Exception {
        Process one = parent("work");
        Process other = parent("work");

        List<String> said = List.of(end(one), end(other));

        assertEquals(
                1,
                said.stream()
                        .filter(text -> text.contains("class archive made"))
                        .count(),
                said::toString);
        assertFalse(said.toString().contains("could not"), said::toString);
        archives.awaitArchive();
        assertEquals(2, archives.names().size(), () -> "the archive and the lock: " + archives.names());
    }

    @Test
    void reasonForGoingWithoutIsLoggedOnce() throws Exception {
        classPath.add(folder);
        assertEquals(1, occurrences(end(parent("work")), "child starts without a class archive, "));
    }

    @Test
    void refusedFolderIsLoggedOnce() throws Exception {
        Path file = Files.writeString(archives.folder(), "");
        assertEquals(1, occurrences(end(parent("work")), "children start without class archives: "), file::toString);
    }

    @Test
    void parentThatEndsLeavesNothingHalfMade() throws Exception {
        assertEquals("training\n", end(parent("leave")));

        Children.await("no process is left", () -> ProcessHandle.allProcesses().noneMatch(this::isOurs));
        assertEquals(List.of(ArchiveLock.NAME), archives.names());
    }

    @Test
    void lockAndWorkshopOfAKilledParentAreTakenOver() throws Exception {
        Process parent = parent("hang");
        try (BufferedReader out = parent.inputReader()) {
            assertEquals("training", out.readLine());
            assertEquals(Optional.empty(), ArchiveLock.take(ArchiveFolder.open(archives.folder())));
            assertEquals(2, archives.names().size());
        } finally {
            parent.destroyForcibly().waitFor();
        }

        Archives mine = new Archives(archives.folder());
        assertTrue(mine.trains(mine.child()));
        mine.awaitArchive();
        assertEquals(2, archives.names().size(), () -> "the archive and the lock: " + archives.names());
    }

    @Test
    void lockOutlastsAnotherTryOfItsHolder() throws Exception {
        ArchiveFolder open = ArchiveFolder.open(archives.folder());
        try (ArchiveLock lock = ArchiveLock.take(open).orElseThrow()) {
            assertEquals(Optional.empty(), ArchiveLock.take(open), () -> "held by " + lock);

            end(parent("work"));

            assertEquals(List.of(ArchiveLock.NAME), archives.names());
        }
    }

    private Process parent(String what) throws IOException {
        ProcessBuilder builder =
                Jvm.of(ArchiveParentMain.class, archives.folder().toString(), what);
        builder.command().add(1, RecordedLogs.OPTION);
        return builder.start();
    }

    private boolean isOurs(ProcessHandle process) {
        return process.info()
                .commandLine()
                .orElse("")
                .contains(archives.folder().toString());
    }

    private static String end(Process parent) throws Exception {
        String said = new String(parent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(parent.waitFor(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        assertEquals(0, parent.exitValue(), said);
        return said;
    }

    private static int occurrences(String text, String part) {
        return text.split(part, -1).length - 1;
    }
}
