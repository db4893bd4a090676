package dev.streamipc.process;

import dev.streamipc.channel.PrivateFolder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where archives stay from one run of a program to the next. A JVM believes what stands in an archive, so nobody else may
 * be able to write here.
 *
 * @param path absolute and without links
 */
record ArchiveFolder(Path path) {

    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FORBIDDEN =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    /** An option takes the first for the end of a path, the others for something to fill in, or for another line. */
    private static final List<String> MISREAD = List.of(File.pathSeparator, "%", "\n", "\r");

    /** Says why the folder is not used. */
    static final class Unsafe extends IOException {
        private static final long serialVersionUID = 1L;

        Unsafe(String message) {
            super(message);
        }
    }

    private static @Nullable UserPrincipal user; // guarded by the class

    /** Returns the place that the XDG rules name: it may be deleted at any time. */
    static Path usual() {
        String set = System.getenv("XDG_CACHE_HOME");
        Path home = Path.of(System.getProperty("user.home"), ".cache");
        return (set != null && Path.of(set).isAbsolute() ? Path.of(set) : home).resolve("stream-ipc");
    }

    /**
     * Makes the folder if it is not there.
     *
     * @throws Unsafe if others could write to it
     * @throws IOException if it can't be made, or has a name that can't be used
     * @throws UnsupportedOperationException where files have no POSIX permissions
     */
    static ArchiveFolder open(Path wanted) throws IOException {
        if (!Files.exists(wanted)) {
            Files.createDirectories(wanted, PosixFilePermissions.asFileAttribute(MODE));
        }
        Path real = wanted.toRealPath();
        PosixFileAttributes seen = Files.readAttributes(real, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!seen.isDirectory() || seen.permissions().stream().anyMatch(FORBIDDEN::contains)) {
            throw new Unsafe("folder for class archives is open to others: folder=" + real + ", mode="
                    + PosixFilePermissions.toString(seen.permissions())
                    + "; use one of its own with mode rwx------ (0700)");
        }
        if (!seen.owner().equals(user())) {
            throw new Unsafe("folder for class archives is another user's: folder=" + real + ", owner=" + seen.owner()
                    + ", user=" + user() + "; use a folder of its own");
        }
        String text = real.toString();
        if (MISREAD.stream().anyMatch(text::contains)
                || !WordEncoding.CHARSET.newEncoder().canEncode(text)) {
            throw new IOException("folder for class archives has a name that no JVM option can carry: folder=" + real);
        }
        return new ArchiveFolder(real);
    }

    /** The owner of what this process makes: a name would have to be looked up, and may be missing. */
    private static synchronized UserPrincipal user() throws IOException {
        if (user == null) {
            Path own = TempFiles.file("owner");
            user = Files.getOwner(own);
            TempFiles.delete(own);
        }
        return user;
    }

    /** Deletes what may be gone already. */
    static void deleteTree(Path root) throws IOException {
        if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            PrivateFolder.deleteTree(root);
        }
    }
}
