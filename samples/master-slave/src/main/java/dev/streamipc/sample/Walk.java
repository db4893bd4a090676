package dev.streamipc.sample;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the regular files below a folder. Follows no link; what can't be looked at is an error of its own. */
final class Walk extends SimpleFileVisitor<Path> {

    private final Path root;
    private final List<FileName> files = new ArrayList<>();
    private final List<Row> errors = new ArrayList<>();

    private Walk(Path root) {
        this.root = root;
    }

    static Walk of(Path root) throws IOException {
        Walk walk = new Walk(root);
        Files.walkFileTree(root, walk);
        walk.files.sort(null);
        return walk;
    }

    /** Returns the names of the files, in the order of their bytes. */
    List<FileName> files() {
        return files;
    }

    List<Row> errors() {
        return errors;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
            FileName name = FileName.of(root, file);
            if (name.isUtf8()) {
                files.add(name);
            } else {
                errors.add(Row.failed(name, "the name is not UTF-8"));
            }
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (file.equals(root)) {
            throw failure;
        }
        errors.add(Row.failed(FileName.of(root, file), failure.toString()));
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
        return failure == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, failure);
    }
}
