package dev.streamipc.channel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** Folders for sockets: open to their owner alone, so that nobody else gets near a socket, whatever its mode. */
final class SocketFolder {

    /** What the name of a folder of ours begins with. */
    static final String PREFIX = "streamipc-socket-";

    private SocketFolder() {}

    /**
     * Sees to it that a folder is there and is open to its owner alone. Makes it if it is not there.
     *
     * @return its path without links
     * @throws IOException if it is not such a folder; the text says what to do
     */
    static Path require(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            Files.createDirectory(folder, OwnerOnly.folder());
        }
        Path real = folder.toRealPath();
        PosixFileAttributes attributes = PrivateFolder.attributes(real);
        if (!attributes.isDirectory() || !OwnerOnly.FOLDER.containsAll(attributes.permissions())) {
            throw new IOException("socket folder is open to others: folder=" + real + ", mode="
                    + PosixFilePermissions.toString(attributes.permissions())
                    + "; use a folder of its own with mode rwx------ (0700)");
        }
        return real;
    }
}
