package dev.streamipc.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archives of a folder. Each has a folder of its own, which gets its name when it is complete:
 *
 * <pre>
 * lock                 held by who makes an archive
 * making-...           its workshop; without a holder of the lock it is junk
 * 0123456789abcdef/    an archive, named after its key
 *     archive          for the JVM
 *     facts            what has to be true of it; its time is that of the last use
 * 0123456789abcdef.no  it could not be made; its time says when
 * </pre>
 */
record ArchiveStore(ArchiveFolder folder, ArchiveBounds bounds) {

    static final String WORKSHOP = "making-";

    private static final String NAME_GLOB = "[0-9a-f]".repeat(16);
    private static final String FAILED_SUFFIX = ".no";
    private static final Duration NO_SECOND_TRY = Duration.ofHours(1);
    private static final int MAX_REMEMBERED = 64;
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveStore.class);

    /** What this JVM has read from end to end, so that it reads it once. */
    private static final Map<Path, Identity> WHOLE = new ConcurrentHashMap<>();

    /** Which file it was, and in which state. */
    private record Identity(String file, FileTime modified, long lengthBytes) {
        static Identity of(Path path) throws IOException {
            BasicFileAttributes seen = Files.readAttributes(path, BasicFileAttributes.class);
            return new Identity(String.valueOf(seen.fileKey()), seen.lastModifiedTime(), seen.size());
        }
    }

    ArchiveStore(ArchiveFolder folder) {
        this(folder, ArchiveBounds.USUAL);
    }

    /** Returns an archive that may be used, if there is one. Reads it the first time. */
    Optional<Path> find(ArchiveKey key) throws IOException {
        Path home = home(key);
        Path archive = home.resolve(ArchiveFacts.ARCHIVE);
        try {
            Identity now = Identity.of(archive);
            ArchiveFacts facts = ArchiveFacts.read(home.resolve(ArchiveFacts.NAME));
            facts.requireCurrent(key);
            if (!now.equals(WHOLE.get(archive))) {
                facts.requireWhole(archive);
                remember(archive, now);
                Files.setLastModifiedTime(home.resolve(ArchiveFacts.NAME), FileTime.from(Instant.now()));
            }
            return Optional.of(archive);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.debug("class archive is not used and will be made anew, archive={}: {}", archive, e.getMessage());
            return Optional.empty();
        }
    }

    private static void remember(Path archive, Identity identity) {
        if (WHOLE.size() >= MAX_REMEMBERED) {
            WHOLE.clear();
        }
        WHOLE.put(archive, identity);
    }

    /** Returns whether it was tried a short while ago, by whomever, in vain. */
    boolean hasFailed(ArchiveKey key) throws IOException {
        try {
            Instant since = Files.getLastModifiedTime(failure(key)).toInstant();
            return since.plus(NO_SECOND_TRY).isAfter(Instant.now());
        } catch (NoSuchFileException never) {
            return false;
        }
    }

    /** Under the lock. */
    void noteFailure(ArchiveKey key) throws IOException {
        Files.writeString(failure(key), "");
        Files.setLastModifiedTime(failure(key), FileTime.from(Instant.now()));
    }

    /** Under the lock: makes an empty folder to work in, and removes what dead ones have left. */
    Path workshop() throws IOException {
        for (Path junk : entries(WORKSHOP + "*")) {
            ArchiveFolder.deleteTree(junk);
        }
        return Files.createTempDirectory(folder.path(), WORKSHOP);
    }

    /** Under the lock: gives what was made its name, in place of what had it before. */
    void keep(ArchiveKey key, Path made) throws IOException {
        ArchiveFolder.deleteTree(home(key));
        Files.move(made, home(key), StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(failure(key));
        force(folder.path(), StandardOpenOption.READ);
        bounds.evict(entries(NAME_GLOB));
        List<Path> failures = entries("*" + FAILED_SUFFIX);
        if (failures.size() > MAX_REMEMBERED) {
            for (Path failure : failures) {
                Files.deleteIfExists(failure);
            }
        }
    }

    private List<Path> entries(String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder.path(), glob)) {
            all.forEach(found::add);
        }
        return found;
    }

    /** Brings a file, or the names in a folder, to the disk. */
    static void force(Path path, StandardOpenOption access) throws IOException {
        try (FileChannel channel = FileChannel.open(path, access)) {
            channel.force(true);
        }
    }

    private Path home(ArchiveKey key) {
        return folder.path().resolve(key.name());
    }

    private Path failure(ArchiveKey key) {
        return folder.path().resolve(key.name() + FAILED_SUFFIX);
    }
}
