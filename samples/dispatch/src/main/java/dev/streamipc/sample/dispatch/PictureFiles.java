package dev.streamipc.sample.dispatch;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a folder has of pictures, by their names.
 *
 * @param good sorted
 * @param refused lines about what can't be opened or named
 */
record PictureFiles(List<Path> good, List<String> refused) {

    static PictureFiles below(Path folder) throws IOException {
        Look look = new Look(folder);
        Files.walkFileTree(folder, look);
        Collections.sort(look.good);
        return new PictureFiles(look.good, look.refused);
    }

    private static final class Look extends SimpleFileVisitor<Path> {

        private final Path folder;
        private final List<Path> good = new ArrayList<>();
        private final List<String> refused = new ArrayList<>();

        Look(Path folder) {
            this.folder = folder;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes its) {
            if (Files.isRegularFile(file) && file.toString().matches("(?is).*\\.(png|jpe?g|gif|bmp)")) {
                if (Path.of(file.toString()).equals(file)) {
                    good.add(file);
                } else {
                    refuse(file, "the name is not UTF-8");
                }
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException cause) {
            refuse(file, cause.toString());
            return FileVisitResult.CONTINUE;
        }

        private void refuse(Path file, String why) {
            refused.add("  refused: " + folder.relativize(file) + ": " + why);
        }
    }
}
