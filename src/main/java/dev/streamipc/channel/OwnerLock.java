package dev.streamipc.channel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that is locked as long as its owner lives: whoever gets the lock knows that the owner before is dead, however it
 * died, in whatever container. A process id would not tell: it may be another's by now.
 */
final class OwnerLock implements Closeable {

    private static final int TRIES = 100;
    private static final int MAX_LENGTH_BYTES = 1 << 24;

    /** A JVM loses its lock on a file when it closes any channel on that file, so it must not try for its own. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private OwnerLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock if nobody has it. Does not wait.
     *
     * @param file an absolute path without links, in a folder that nobody else can write to; made if it is not there
     * @return empty if a living owner has it
     */
    static Optional<OwnerLock> take(Path file) throws IOException {
        if (!HELD.add(file)) {
            return Optional.empty();
        }
        Optional<OwnerLock> lock = Optional.empty();
        try {
            lock = lockOrGiveUp(file);
            return lock;
        } finally {
            if (lock.isEmpty()) {
                HELD.remove(file);
            }
        }
    }

    /** An owner that ends deletes the file that it has locked: who opened that before has locked nothing. */
    private static Optional<OwnerLock> lockOrGiveUp(Path file) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            FileChannel channel = open(file);
            Optional<OwnerLock> taken = Optional.empty();
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    return Optional.empty();
                }
                if (isUnderItsName(file, channel)) {
                    taken = Optional.of(new OwnerLock(file, channel));
                    return taken;
                }
            } finally {
                if (taken.isEmpty()) {
                    channel.close();
                }
            }
        }
        throw new IOException("lock file vanishes again and again: file=" + file);
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OwnerOnly.file());
    }

    /**
     * Whether the file under this name is the one that is open. A length that nobody else chose tells: to read the file
     * would need a second channel, whose close would cost the lock.
     */
    private static boolean isUnderItsName(Path file, FileChannel channel) throws IOException {
        int lengthBytes = 1 + ThreadLocalRandom.current().nextInt(MAX_LENGTH_BYTES);
        channel.truncate(0);
        channel.write(ByteBuffer.allocate(1), lengthBytes - 1L);
        try {
            return Files.size(file) == lengthBytes;
        } catch (NoSuchFileException deleted) {
            return false;
        }
    }

    /** Gives the lock back; its file is gone. */
    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(file);
        } finally {
            HELD.remove(file);
        }
    }
}
