package dev.streamipc.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How much a folder of archives may hold. */
record ArchiveBounds(int maxArchives, long maxBytes) {

    /** An archive has 14 to 40 MB. */
    static final ArchiveBounds USUAL = new ArchiveBounds(16, 512L << 20);

    /** Deletes those that were not used for the longest time. A JVM that has one goes on with it: it has it open. */
    void evict(List<Path> homes) throws IOException {
        List<Path> lastUsedFirst = new ArrayList<>(homes);
        lastUsedFirst.sort(Comparator.comparing(ArchiveBounds::lastUse).reversed());
        long bytes = 0;
        for (int i = 0; i < lastUsedFirst.size(); i++) {
            bytes += lengthBytes(lastUsedFirst.get(i));
            if (i > 0 && (i >= maxArchives || bytes > maxBytes)) {
                ArchiveFolder.deleteTree(lastUsedFirst.get(i));
            }
        }
    }

    private static FileTime lastUse(Path home) {
        try {
            return Files.getLastModifiedTime(home.resolve(ArchiveFacts.NAME));
        } catch (IOException incomplete) {
            return FileTime.fromMillis(0);
        }
    }

    private static long lengthBytes(Path home) {
        try {
            return Files.size(home.resolve(ArchiveFacts.ARCHIVE));
        } catch (IOException incomplete) {
            return 0;
        }
    }
}
