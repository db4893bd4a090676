package dev.streamipc.sample;

import dev.streamipc.message.LogMessage;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A child of the master: reads one file at a time and says what is in it. */
public final class Slave {

    private static final int CHUNK_BYTES = 64 * 1024;

    private int files;

    private Slave() {}

    /**
     * Serves the master until it says shutdown, or is gone.
     *
     * @param args none
     */
    public static void main(String[] args) {
        try (IpcPeer peer = IpcPeer.builder().messages(FileRequest.class).build()) {
            IpcSession master = peer.createStdioSession();
            Slave slave = new Slave();
            master.onRequest(FileRequest.class, slave::answer);
            master.onMessage(LogMessage.class, log -> slave.obey(log, master));
            master.notify(new LogMessage("ready, pid=" + ProcessHandle.current().pid()));
            master.serve();
        }
    }

    private void obey(LogMessage log, IpcSession master) {
        if (log.message().equals("shutdown")) {
            master.notify(new LogMessage("done, files=" + files));
            master.close();
        }
    }

    private FileResponse answer(FileRequest request) throws IOException, GeneralSecurityException {
        files++;
        if (files == 1) {
            System.out.println("this was printed to stdout, and harms nothing");
        }
        try (InputStream in = open(Path.of(request.path()))) {
            return digest(request.path(), in);
        }
    }

    /** Never follows a link, and never waits for the writer of a FIFO that has taken the place of the file. */
    private static InputStream open(Path path) throws IOException {
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isRegularFile()) {
            throw new IOException("not a regular file any more");
        }
        return Channels.newInputStream(Files.newByteChannel(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    private static FileResponse digest(String path, InputStream in) throws IOException, GeneralSecurityException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        byte[] chunk = new byte[CHUNK_BYTES];
        long bytes = 0;
        long lines = 0;
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            sha256.update(chunk, 0, count);
            bytes += count;
            lines += lineFeeds(chunk, count);
        }
        return new FileResponse(path, bytes, lines, HexFormat.of().formatHex(sha256.digest()));
    }

    private static int lineFeeds(byte[] chunk, int count) {
        int lines = 0;
        for (int i = 0; i < count; i++) {
            lines += chunk[i] == '\n' ? 1 : 0;
        }
        return lines;
    }
}
