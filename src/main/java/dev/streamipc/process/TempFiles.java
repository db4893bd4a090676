package dev.streamipc.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Temporary files that only this user can read, deleted at the end of this JVM if not before. */
final class TempFiles {

    private static final Logger LOG = LoggerFactory.getLogger(TempFiles.class);
    private static final Set<Path> LIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(TempFiles::deleteAll, "streamipc-tempfiles-exit"));
    }

    private TempFiles() {}

    /** Makes an empty file; the JDK gives it mode 0600. */
    static Path file(String purpose) throws IOException {
        return kept(Files.createTempFile("streamipc-" + purpose + "-", ".tmp"));
    }

    /** Makes an empty directory; the JDK gives it mode 0700. */
    static Path directory(String purpose) throws IOException {
        return kept(Files.createTempDirectory("streamipc-" + purpose + "-"));
    }

    /** Deletes what {@link #file} or {@link #directory} made, with all that is in it; deleting twice does nothing. */
    static void delete(Path path) {
        if (!LIVE.remove(path)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(path)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            LOG.warn("temporary file stays, path={}", path, e);
        }
    }

    private static Path kept(Path path) {
        LIVE.add(path);
        return path;
    }

    private static void deleteAll() {
        List.copyOf(LIVE).forEach(TempFiles::delete);
    }
}
