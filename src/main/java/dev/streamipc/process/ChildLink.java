package dev.streamipc.process;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.LateChannel;
import dev.streamipc.channel.SharedMemoryHost;
import dev.streamipc.channel.StreamChannel;
import dev.streamipc.channel.UnixListener;
import dev.streamipc.message.StartFailed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a child will be talked to, from before its start on.
 *
 * @param listener waits for the child, null over stdio
 * @param late the channel to the child, null over stdio
 */
record ChildLink(
        ChildChannel channel,
        @Nullable UnixListener listener,
        @Nullable IpcChannel late) {

    private static final Logger LOG = LoggerFactory.getLogger(ChildLink.class);
    private static final Path SHORT_ENOUGH = Path.of("/tmp");

    static final ChildLink STDIO = new ChildLink(ChildChannel.STDIO, null, null);

    /** Makes ready what the child will connect to; throws if that can't be. */
    static ChildLink open(Route route) {
        if (route.isStdio()) {
            return STDIO;
        }
        return route.channel() == ChildChannel.UNIX_SOCKET ? overSocket() : overMemory(route.ringBytes());
    }

    private static ChildLink overSocket() {
        UnixListener listener = listen();
        return new ChildLink(ChildChannel.UNIX_SOCKET, listener, new LateChannel(listener));
    }

    private static ChildLink overMemory(int ringBytes) {
        try {
            SharedMemoryHost host = SharedMemoryHost.open(ringBytes);
            return new ChildLink(ChildChannel.SHARED_MEMORY, host.listener(), host.channel());
        } catch (IOException | UnsupportedOperationException failed) {
            throw new StartFailed("no shared memory for the child: " + failed.getMessage(), List.of(), null, failed);
        }
    }

    /** The folder for temporary files may have a name so long that no socket fits into it. */
    private static UnixListener listen() {
        Path usual = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            return UnixListener.inPrivate(usual);
        } catch (IOException | UnsupportedOperationException failed) {
            return listenIn(SHORT_ENOUGH, failed);
        }
    }

    private static UnixListener listenIn(Path parent, Exception why) {
        try {
            return UnixListener.inPrivate(parent);
        } catch (IOException | UnsupportedOperationException failed) {
            why.addSuppressed(failed);
            throw new StartFailed("no socket for the child: " + why.getMessage(), List.of(), null, why);
        }
    }

    /** Returns the channel to a child that has started, and tells it where to connect. */
    IpcChannel to(Process process) {
        if (listener == null || late == null) {
            return StreamChannel.ofProcess(process);
        }
        try {
            // fits every pipe, and nobody has written to this one before
            OutputStream stdin = process.getOutputStream();
            stdin.write(new Invitation(channel, listener.path(), listener.secret()).line());
            stdin.flush();
        } catch (IOException gone) {
            LOG.debug("child took no invitation", gone);
        }
        return late;
    }

    Optional<UnixListener> gate() {
        return Optional.ofNullable(listener);
    }

    /** There will be no child. */
    void abandon() {
        try {
            if (listener != null) {
                listener.close();
            }
        } catch (IOException failed) {
            LOG.debug("socket not removed: path={}", listener.path(), failed);
        }
    }
}
