package dev.streamipc.process;

import dev.streamipc.channel.PrivateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Temporary files that only this user can read, deleted at the end of this JVM if not before. What JVMs left that were
 * killed, the next one deletes.
 */
final class TempFiles {

    private static final Logger LOG = LoggerFactory.getLogger(TempFiles.class);
    private static final String HOME_PREFIX = "streamipc-temp-";
    private static final Set<Path> LIVE = ConcurrentHashMap.newKeySet();
    private static @Nullable PrivateFolder home; // guarded by the class

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(TempFiles::deleteAll, "streamipc-tempfiles-exit"));
    }

    private TempFiles() {}

    /** Makes an empty file; the JDK gives it mode 0600. */
    static Path file(String purpose) throws IOException {
        return kept(Files.createTempFile(home(), purpose + "-", ".tmp"));
    }

    /** Makes an empty directory; the JDK gives it mode 0700. */
    static Path directory(String purpose) throws IOException {
        return kept(Files.createTempDirectory(home(), purpose + "-"));
    }

    /** One for this JVM; made anew if somebody cleaned up below it. */
    private static synchronized Path home() throws IOException {
        Path usual = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            if (home == null || !Files.exists(home.path())) {
                home = PrivateFolder.make(usual, HOME_PREFIX);
            }
            return home.path();
        } catch (UnsupportedOperationException noPermissions) {
            // a system without them: its folder for temporary files is the user's own
            return usual;
        }
    }

    /** Deletes what {@link #file} or {@link #directory} made, with all that is in it; deleting twice does nothing. */
    static void delete(Path path) {
        if (!LIVE.remove(path)) {
            return;
        }
        try {
            PrivateFolder.deleteTree(path);
        } catch (IOException e) {
            LOG.warn("temporary file stays, path={}", path, e);
        }
    }

    private static Path kept(Path path) {
        LIVE.add(path);
        return path;
    }

    private static synchronized void deleteAll() {
        List.copyOf(LIVE).forEach(TempFiles::delete);
        try (PrivateFolder last = home) {
            LOG.debug("temporary files deleted, home={}", last == null ? "none" : last.path());
        } catch (IOException e) {
            LOG.warn("temporary folder stays", e);
        }
    }
}
