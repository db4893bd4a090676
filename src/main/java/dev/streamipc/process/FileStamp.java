package dev.streamipc.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * By what a file is known to be the one it was.
 *
 * @param lengthBytes -1 if there is none
 */
record FileStamp(Path path, long lengthBytes, long modifiedMs) {

    /**
     * Looks at a file, which need not be there.
     *
     * @throws IOException if it is a folder, whose classes may change without a trace
     */
    static FileStamp of(Path path) throws IOException {
        try {
            BasicFileAttributes seen = Files.readAttributes(path, BasicFileAttributes.class);
            if (seen.isDirectory()) {
                throw new IOException("a folder is on the class path, folder=" + path);
            }
            return new FileStamp(path, seen.size(), seen.lastModifiedTime().toMillis());
        } catch (NoSuchFileException none) {
            return new FileStamp(path, -1, 0);
        }
    }

    boolean exists() {
        return lengthBytes >= 0;
    }

    String line() {
        return lengthBytes + " " + modifiedMs + " " + path;
    }
}
