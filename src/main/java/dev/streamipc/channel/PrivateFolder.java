package dev.streamipc.channel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of this process that is open to nobody else, in a place that is open to all, such as {@code /tmp}. What processes
 * left there that were killed is removed by the next one that makes such a folder; a living owner's is never touched.
 */
public final class PrivateFolder implements Closeable {

    private static final String LOCK = "owner";
    private static final int TRIES = 100;

    private final Path folder;
    private final OwnerLock lock;

    private PrivateFolder(Path folder, OwnerLock lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Makes a folder under a name of chance, mode 0700, and removes those with the same prefix whose owners are dead.
     *
     * @param parent may be open to all
     * @param prefix what the names of such folders begin with
     * @return the folder, locked until it is closed or this process ends
     * @throws IOException if there can be none
     * @throws UnsupportedOperationException where files have no POSIX permissions
     */
    public static PrivateFolder make(Path parent, String prefix) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            Path folder = Files.createTempDirectory(parent, prefix, OwnerOnly.folder())
                    .toRealPath();
            Optional<OwnerLock> lock = lockOrRemove(folder);
            if (lock.isPresent()) {
                sweep(folder, prefix);
                return new PrivateFolder(folder, lock.get());
            }
            // a sweep came by between the making of the file and its lock: it removes the folder, or has done so
        }
        throw new IOException("no private folder could be kept: parent=" + parent);
    }

    /** One without a lock file is swept by nobody, so it goes at once where there can be none: no descriptor may be left. */
    private static Optional<OwnerLock> lockOrRemove(Path folder) throws IOException {
        try {
            return OwnerLock.take(folder.resolve(LOCK));
        } catch (NoSuchFileException swept) {
            return Optional.empty();
        } catch (IOException | RuntimeException | Error failed) {
            Files.deleteIfExists(folder.resolve(LOCK));
            Files.deleteIfExists(folder);
            throw failed;
        }
    }

    /**
     * Returns where it is.
     *
     * @return an absolute path without links
     */
    public Path path() {
        return folder;
    }

    /** Removes the folder with all that is in it. */
    @Override
    public void close() throws IOException {
        IOException unseen = null;
        try (lock) {
            clear(folder);
        } catch (IOException failed) {
            unseen = failed;
        }
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException locked) {
            // a sweep has come by behind our lock and taken one of its own: it removes the folder
            if (unseen != null) {
                throw unseen;
            }
        }
    }

    /** What can't be swept stays: it is another user's, or gets removed by another sweep right now. */
    private static void sweep(Path own, String prefix) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(own.getParent(), prefix + "*")) {
            UserPrincipal user = Files.getOwner(own);
            for (Path folder : folders) {
                if (!folder.equals(own) && isOurs(folder, user)) {
                    removeIfDead(folder);
                }
            }
        } catch (IOException | DirectoryIteratorException unseen) {
            // the next one that is made here sweeps
        }
    }

    /** One without a lock file is being made right now, or is somebody else's. */
    private static boolean isOurs(Path folder, UserPrincipal user) {
        try {
            PosixFileAttributes attributes = attributes(folder);
            return attributes.isDirectory()
                    && attributes.owner().equals(user)
                    && attributes.permissions().equals(OwnerOnly.FOLDER)
                    && Files.isRegularFile(folder.resolve(LOCK), LinkOption.NOFOLLOW_LINKS);
        } catch (IOException gone) {
            return false;
        }
    }

    private static void removeIfDead(Path folder) {
        try {
            Path real = folder.toRealPath();
            Optional<OwnerLock> lock = OwnerLock.take(real.resolve(LOCK));
            if (lock.isPresent()) {
                new PrivateFolder(real, lock.get()).close();
            }
        } catch (IOException otherSweep) {
            // it removes the folder, or leaves it for the next
        }
    }

    /** The lock file goes last, and by itself: until then nobody else sweeps here. */
    private static void clear(Path folder) throws IOException {
        try (DirectoryStream<Path> inside = Files.newDirectoryStream(folder)) {
            for (Path each : inside) {
                if (!each.endsWith(LOCK)) {
                    deleteTree(each);
                }
            }
        }
    }

    /**
     * Deletes a file, or a folder with all that is in it. Links are deleted and not followed.
     *
     * @param root may be gone in part meanwhile
     * @throws IOException if it is not there, or something can't be deleted
     */
    public static void deleteTree(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        }
    }

    static PosixFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
