package dev.streamipc.channel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Folders for sockets: open to their owner alone, so that nobody else gets near a socket, whatever its mode. */
final class SocketFolder {

    /** What the name of a folder of ours begins with. */
    static final String PREFIX = "streamipc-socket-";

    private static final String LOCK = "owner";
    private static final int TRIES = 100;
    private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    private static final FileAttribute<Set<PosixFilePermission>> AS_MODE =
            PosixFilePermissions.asFileAttribute(OWNER_ONLY);

    private SocketFolder() {}

    /** A folder of this process, for as long as it lives. */
    record Private(Path folder, OwnerLock lock) implements Closeable {

        @Override
        public void close() throws IOException {
            try (lock) {
                clear(folder);
            }
            Files.deleteIfExists(folder);
        }
    }

    /**
     * Makes a folder for this process under a name of chance, and removes those that dead processes of this user left in
     * the same place.
     *
     * @param parent may be open to all, as {@code /tmp} is
     */
    static Private makePrivate(Path parent) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            Path folder = Files.createTempDirectory(parent, PREFIX, AS_MODE).toRealPath();
            Optional<OwnerLock> lock = OwnerLock.take(folder.resolve(LOCK));
            if (lock.isPresent()) {
                sweep(folder);
                return new Private(folder, lock.get());
            }
            // a sweep came by between the making of the file and its lock: it removes the folder
        }
        throw new IOException("no folder for a socket could be kept: parent=" + parent);
    }

    /** What can't be swept stays: it is another user's, or gets removed by another sweep right now. */
    private static void sweep(Path own) throws IOException {
        UserPrincipal user = Files.getOwner(own);
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(own.getParent(), PREFIX + "*")) {
            for (Path folder : folders) {
                if (!folder.equals(own) && isOurs(folder, user)) {
                    removeIfDead(folder);
                }
            }
        }
    }

    /** One without a lock file is being made right now, or is no folder for sockets. */
    private static boolean isOurs(Path folder, UserPrincipal user) {
        try {
            PosixFileAttributes attributes = attributes(folder);
            return attributes.isDirectory()
                    && attributes.owner().equals(user)
                    && attributes.permissions().equals(OWNER_ONLY)
                    && Files.isRegularFile(folder.resolve(LOCK), LinkOption.NOFOLLOW_LINKS);
        } catch (IOException gone) {
            return false;
        }
    }

    private static void removeIfDead(Path folder) {
        try {
            Optional<OwnerLock> lock = OwnerLock.take(folder.toRealPath().resolve(LOCK));
            if (lock.isPresent()) {
                new Private(folder, lock.get()).close();
            }
        } catch (IOException otherSweep) {
            // it removes the folder, or leaves it for the next
        }
    }

    private static void clear(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (!file.endsWith(LOCK)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /**
     * Sees to it that a folder is there, is this user's and is open to nobody else. Makes it if it is not there.
     *
     * @return its path without links
     * @throws IOException if it is not such a folder; the text says what to do
     */
    static Path require(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            Files.createDirectory(folder, AS_MODE);
        }
        Path real = folder.toRealPath();
        PosixFileAttributes attributes = attributes(real);
        if (!attributes.isDirectory() || !OWNER_ONLY.containsAll(attributes.permissions())) {
            throw new IOException("socket folder is open to others: folder=" + real + ", mode="
                    + PosixFilePermissions.toString(attributes.permissions())
                    + "; use a folder of its own with mode rwx------ (0700)");
        }
        return real;
    }

    private static PosixFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
