package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveStoreTest {

    private static final long LARGE = 1 << 20;

    @TempDir
    Path temp;

    private Archives archives;
    private ArchiveFolder folder;

    @BeforeEach
    void opens() throws IOException {
        folder = ArchiveFolder.open(temp.resolve("archives"));
        archives = new Archives(folder.path());
    }

    @Test
    void archiveThatWasKeptIsFound() throws IOException {
        ArchiveStore store = new ArchiveStore(folder);
        ArchiveKey key = key("a");
        assertEquals(Optional.empty(), store.find(key));

        keep(store, key);

        assertEquals(
                folder.path().resolve(key.name()).resolve("archive"),
                store.find(key).orElseThrow());
        assertEquals(Optional.empty(), store.find(key("b")));
    }

    @Test
    void archiveUnderTheNameOfAnotherIsNotUsed() throws IOException {
        ArchiveStore store = new ArchiveStore(folder);
        keep(store, key("a"));

        Files.move(folder.path().resolve(key("a").name()), folder.path().resolve(key("b").name()));

        assertEquals(Optional.empty(), store.find(key("b")));
    }

    @Test
    void archiveIsReadOnce() throws IOException {
        ArchiveStore store = new ArchiveStore(folder);
        ArchiveKey key = key("a");
        Path archive = keep(store, key);
        store.find(key);
        FileTime time = Files.getLastModifiedTime(archive);

        Files.writeString(archive, "other");
        Files.setLastModifiedTime(archive, time);
        assertTrue(store.find(key).isPresent(), "the same file, time and length");

        Files.setLastModifiedTime(archive, FileTime.from(Instant.now().plusSeconds(60)));
        assertEquals(Optional.empty(), store.find(key));
    }

    @Test
    void theLongestUnusedGoFirst() throws IOException {
        ArchiveStore store = new ArchiveStore(folder, new ArchiveBounds(2, LARGE));
        keep(store, key("a"));
        keep(store, key("b"));
        used(key("a"), 10);
        used(key("b"), 20);

        keep(store, key("c"));

        assertTrue(store.find(key("a")).isPresent());
        assertEquals(Optional.empty(), store.find(key("b")));
        assertTrue(store.find(key("c")).isPresent());
    }

    @Test
    void bytesAreBoundedAndTheNewestStays() throws IOException {
        ArchiveStore store = new ArchiveStore(folder, new ArchiveBounds(9, 1));
        keep(store, key("a"));
        used(key("a"), 10);

        keep(store, key("b"));

        assertEquals(List.of(key("b").name()), archives.names());
    }

    @Test
    void workshopsOfTheDeadAreRemoved() throws IOException {
        ArchiveStore store = new ArchiveStore(folder);
        Path junk = store.workshop();
        Files.writeString(junk.resolve("list"), "x");

        Path mine = store.workshop();

        assertEquals(List.of(mine.getFileName().toString()), archives.names());
    }

    @Test
    void failureIsForgottenAfterAnHourAndByASuccess() throws IOException {
        ArchiveStore store = new ArchiveStore(folder);
        ArchiveKey key = key("a");
        assertFalse(store.hasFailed(key));
        store.noteFailure(key);
        assertTrue(store.hasFailed(key));

        FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofMinutes(61)));
        Files.setLastModifiedTime(folder.path().resolve(key.name() + ".no"), longAgo);
        assertFalse(store.hasFailed(key));

        store.noteFailure(key);
        keep(store, key);
        assertFalse(store.hasFailed(key));
    }

    private ArchiveKey key(String main) {
        return new ArchiveKey(main, List.of(temp.resolve("a.jar")), List.of(), "17");
    }

    private static Path keep(ArchiveStore store, ArchiveKey key) throws IOException {
        Path made = store.workshop();
        Path archive = Files.writeString(made.resolve(ArchiveFacts.ARCHIVE), "12345");
        ArchiveFacts facts = ArchiveFacts.of(archive, ClassPathFiles.all(key.classPath()), key);
        Files.write(made.resolve(ArchiveFacts.NAME), facts.lines());
        store.keep(key, made);
        return store.folder().path().resolve(key.name()).resolve(ArchiveFacts.ARCHIVE);
    }

    private void used(ArchiveKey key, int minutesAgo) throws IOException {
        Path facts = folder.path().resolve(key.name()).resolve(ArchiveFacts.NAME);
        Files.setLastModifiedTime(facts, FileTime.from(Instant.now().minus(Duration.ofMinutes(minutesAgo))));
    }
}
