package dev.streamipc.process;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.UnixSockets;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * The channel of this process to the parent that started it: stdin and stdout, or the socket that the parent asks for.
 *
 * @param channel to the parent
 * @param token what HELLO has to show; empty over stdio
 */
public record ParentChannel(IpcChannel channel, Optional<String> token) {

    /**
     * Opens it, once a JVM. Over stdio, which is the rule, file descriptors 0 and 1 belong to the protocol for the rest of this
     * JVM's life, as {@link StdioTakeover#take} says. Over a socket only the parent's first line is taken from stdin, which
     * blocks until it is there; stdout stays what it is. SIGINT is ignored either way.
     *
     * @return the channel
     * @throws IllegalStateException if it was called before in this JVM
     * @throws IOException if the parent's socket can't be reached
     */
    public static ParentChannel open() throws IOException {
        StdioTakeover.claim();
        if (!Invitation.UNIX_SOCKET.equals(System.getenv(Invitation.VARIABLE))) {
            return new ParentChannel(StdioTakeover.claimed(new byte[0]), Optional.empty());
        }
        Invitation.Start start = Invitation.read(new FileInputStream(FileDescriptor.in));
        if (start.invitation().isEmpty()) {
            return new ParentChannel(StdioTakeover.claimed(start.read().array()), Optional.empty());
        }
        InterruptShield.raise();
        Invitation invitation = start.invitation().get();
        return new ParentChannel(UnixSockets.connect(invitation.socket()), Optional.of(invitation.secret()));
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "ParentChannel[over=" + (token.isPresent() ? "unix-socket" : "stdio") + "]";
    }
}
