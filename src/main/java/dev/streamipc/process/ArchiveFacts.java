package dev.streamipc.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What has to be true of an archive before a JVM is given it; a text beside the archive.
 *
 * @param lengthBytes a JDK 17 dies of an archive that is cut short (SIGBUS)
 * @param checksum CRC32C: JVMs don't look at what is inside. It is against accidents, and costs 10 ms where a digest would
 *     cost 80, of the 120 that an archive saves; who could write to the folder would need no archive
 * @param files the class path, with what manifests name
 */
record ArchiveFacts(long lengthBytes, long checksum, List<FileStamp> files, List<String> keyLines) {

    static final String NAME = "facts";
    static final String ARCHIVE = "archive";

    private static final String FORMAT = "stream-ipc-class-archive-1";
    private static final int HEADER_LINES = 4;
    private static final int BUFFER_BYTES = 64 << 10;

    ArchiveFacts {
        files = List.copyOf(files);
        keyLines = List.copyOf(keyLines);
    }

    static ArchiveFacts of(Path archive, List<FileStamp> files, ArchiveKey key) throws IOException {
        return new ArchiveFacts(Files.size(archive), checksum(archive), files, key.lines());
    }

    List<String> lines() {
        List<String> lines =
                new ArrayList<>(List.of(FORMAT, "" + lengthBytes, Long.toHexString(checksum), "" + files.size()));
        files.forEach(file -> lines.add(file.line()));
        lines.addAll(keyLines);
        return lines;
    }

    /**
     * Reads what {@link #lines} wrote.
     *
     * @throws IOException if it is not that
     */
    static ArchiveFacts read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        try {
            if (!lines.get(0).equals(FORMAT)) {
                throw new IOException("its facts have another format, format=" + lines.get(0));
            }
            int keyAt = HEADER_LINES + Integer.parseInt(lines.get(3));
            List<FileStamp> files = new ArrayList<>();
            for (String line : lines.subList(HEADER_LINES, keyAt)) {
                String[] words = line.split(" ", 3);
                files.add(new FileStamp(Path.of(words[2]), Long.parseLong(words[0]), Long.parseLong(words[1])));
            }
            long length = Long.parseLong(lines.get(1));
            long sum = Long.parseLong(lines.get(2), 16);
            return new ArchiveFacts(length, sum, files, lines.subList(keyAt, lines.size()));
        } catch (RuntimeException e) {
            throw new IOException("its facts can't be read, file=" + file, e);
        }
    }

    /** Throws if the archive is another one's, or a jar has changed since. */
    void requireCurrent(ArchiveKey key) throws IOException {
        if (!keyLines.equals(key.lines())) {
            throw new IOException("it is another child's");
        }
        for (FileStamp file : files) {
            FileStamp now = FileStamp.of(file.path());
            if (!now.equals(file)) {
                throw new IOException(
                        "a file of the class path has changed, was=" + file.line() + ", is=" + now.line());
            }
        }
    }

    /** Throws if the archive is not the one that was made. Reads all of it. */
    void requireWhole(Path archive) throws IOException {
        long length = Files.size(archive);
        if (length != lengthBytes) {
            throw new IOException("its length is wrong, bytes=" + length + ", expected=" + lengthBytes);
        }
        if (checksum(archive) != checksum) {
            throw new IOException("its checksum is wrong");
        }
    }

    private static long checksum(Path archive) throws IOException {
        CRC32C sum = new CRC32C();
        byte[] some = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(archive)) {
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                sum.update(some, 0, count);
            }
        }
        return sum.getValue();
    }
}
