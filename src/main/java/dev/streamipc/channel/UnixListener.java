package dev.streamipc.channel;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import jdk.net.ExtendedSocketOptions;

/**
 * Listens on a Unix domain socket that only processes of this user get near: its folder is open to nobody else, each
 * connection's user is checked, and the token stands in a file that only this user can read.
 *
 * <p>Beside {@code name} stand {@code name.lock}, locked while this process listens, and, for strangers, {@code
 * name.token}. What a dead owner left is replaced; a living owner's socket is never touched.
 */
public final class UnixListener implements Closeable {

    private static final int BACKLOG = 128;
    private static final String LOCK_SUFFIX = ".lock";
    private static final String TOKEN_SUFFIX = ".token";

    private final Path socket;
    private final UserPrincipal user;
    private final ServerSocketChannel server;
    private final Closeable home;
    private final boolean tokenInFile;
    private final AtomicLong strangers = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private SocketToken token = SocketToken.random(); // guarded by this

    /** What a listener holds until it is closed. */
    private record Place(Path socket, UserPrincipal user, Closeable home, boolean tokenInFile) {}

    private UnixListener(Place place) throws IOException {
        this.socket = place.socket();
        this.user = place.user();
        this.home = place.home();
        this.tokenInFile = place.tokenInFile();
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    }

    /**
     * Listens at a path, for strangers, who find the token beside it.
     *
     * @param path of the socket; its folder is made if it is not there, and must be this user's with mode 0700
     * @return the listener
     * @throws IOException if a living process listens there, something else stands there, the folder is open to others,
     *     or the path is too long; the text says which and what to do
     */
    public static UnixListener at(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException("the file is no socket: path=" + path + "; choose another path");
        }
        Path folder = SocketFolder.require(parent);
        Path socket = folder.resolve(path.getFileName());
        UnixSockets.requireShort(socket);
        OwnerLock lock = OwnerLock.take(beside(socket, LOCK_SUFFIX))
                .orElseThrow(() -> new IOException("socket is in use: path=" + socket
                        + ", state=a living process listens; end that one or choose another path"));
        try {
            UserPrincipal user = Files.getOwner(beside(socket, LOCK_SUFFIX));
            requireOwn(folder, user);
            removeStale(socket);
            return new UnixListener(new Place(socket, user, lock, true)).listen();
        } catch (IOException | RuntimeException | Error failed) {
            lock.close();
            throw failed;
        }
    }

    /**
     * Listens in a folder of its own, for one child that is told path and token.
     *
     * @param parent where the folder is made; may be open to all, as {@code /tmp} is
     * @return the listener
     * @throws IOException if there can be none; the text says why
     */
    public static UnixListener inPrivate(Path parent) throws IOException {
        PrivateFolder home = PrivateFolder.make(parent, SocketFolder.PREFIX);
        try {
            Path socket = home.path().resolve("s");
            UnixSockets.requireShort(socket);
            return new UnixListener(new Place(socket, Files.getOwner(home.path()), home, false)).listen();
        } catch (IOException | RuntimeException | Error failed) {
            home.close();
            throw failed;
        }
    }

    private static Path beside(Path socket, String suffix) {
        return socket.resolveSibling(socket.getFileName() + suffix);
    }

    private static void requireOwn(Path folder, UserPrincipal user) throws IOException {
        if (!Files.getOwner(folder).equals(user)) {
            throw new IOException("socket folder is another user's: folder=" + folder + ", owner="
                    + Files.getOwner(folder) + ", user=" + user + "; use a folder of its own");
        }
    }

    /** Under the lock: what is left of a dead owner goes, anything else stays. */
    private static void removeStale(Path socket) throws IOException {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        boolean isSocket = Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther();
        if (!isSocket) {
            throw new IOException("the file is no socket: path=" + socket + "; choose another path");
        }
        if (isAnswered(socket)) {
            throw new IOException("socket is in use: path=" + socket
                    + ", state=a process that is no stream-ipc listener listens; end that one or choose another path");
        }
        Files.delete(socket);
    }

    private static boolean isAnswered(Path socket) {
        try {
            UnixSockets.connect(socket).close();
            return true;
        } catch (IOException nobody) {
            return false;
        }
    }

    private UnixListener listen() throws IOException {
        try {
            server.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
            Files.setPosixFilePermissions(socket, OwnerOnly.FILE);
            writeToken();
            return this;
        } catch (IOException | RuntimeException | Error failed) {
            server.close();
            throw failed;
        }
    }

    /** Whole or not at all: whoever reads the file meanwhile sees the old token or the new one. */
    private synchronized void writeToken() throws IOException {
        if (!tokenInFile || closed.get()) {
            return;
        }
        Path fresh = beside(socket, TOKEN_SUFFIX + ".new");
        Files.deleteIfExists(fresh);
        try (var file = Files.newByteChannel(
                fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OwnerOnly.file())) {
            file.write(java.nio.ByteBuffer.wrap(token.secret().getBytes(StandardCharsets.UTF_8)));
        }
        Files.move(fresh, beside(socket, TOKEN_SUFFIX), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Returns the token that a listener's file holds, for who wants to connect.
     *
     * @param path of the socket
     * @return the token of the moment
     * @throws IOException if it can't be read
     */
    public static String tokenBeside(Path path) throws IOException {
        return Files.readString(beside(path, TOKEN_SUFFIX));
    }

    /**
     * Waits for a connection of a process of this user. Connections of others are closed at once, and counted. Blocks until
     * there is one, or {@link #close()} is called.
     *
     * @return the channel; whether its other side knows the token is not known yet
     * @throws IOException if the listener is closed, or the operating system reports an error
     */
    public IpcChannel accept() throws IOException {
        return UnixSockets.channel(acceptSocket());
    }

    SocketChannel acceptSocket() throws IOException {
        while (true) {
            SocketChannel connection = server.accept();
            if (isOfThisUser(connection)) {
                return connection;
            }
            strangers.incrementAndGet();
            connection.close();
        }
    }

    private boolean isOfThisUser(SocketChannel connection) throws IOException {
        try {
            return connection
                    .getOption(ExtendedSocketOptions.SO_PEERCRED)
                    .user()
                    .equals(user);
        } catch (UnsupportedOperationException noCredentials) {
            // the folder and the token remain
            return true;
        } catch (IOException gone) {
            connection.close();
            throw gone;
        }
    }

    /**
     * Compares what somebody shows with the token of the moment. If it fits it is used up: there is a new one from now on.
     *
     * @param shown anything
     * @return whether its bearer may come in
     * @throws IOException if the new token can't be written
     */
    public synchronized boolean admits(String shown) throws IOException {
        // the file is written under the lock: written out of order it would keep a token that is used up
        if (!token.isShown(shown)) {
            return false;
        }
        token = SocketToken.random();
        writeToken();
        return true;
    }

    /**
     * Returns the token of the moment. Not to be logged.
     *
     * @return 64 hex digits
     */
    public synchronized String secret() {
        return token.secret();
    }

    /**
     * Returns where this listens.
     *
     * @return an absolute path without links
     */
    public Path path() {
        return socket;
    }

    /**
     * Returns how many connections were refused because they came from another user.
     *
     * @return 0 or more
     */
    public long strangers() {
        return strangers.get();
    }

    /** Listens no more, and removes its files. Connections that were accepted go on. */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        synchronized (this) {
            try (home;
                    server) {
                Files.deleteIfExists(socket);
                Files.deleteIfExists(beside(socket, TOKEN_SUFFIX));
                Files.deleteIfExists(beside(socket, TOKEN_SUFFIX + ".new"));
            }
        }
    }
}
