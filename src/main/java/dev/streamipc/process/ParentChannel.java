package dev.streamipc.process;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.SharedMemoryChannel;
import dev.streamipc.channel.UnixSockets;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * The channel of this process to the parent that started it: stdin and stdout, or the socket or the shared memory that the parent
 * asks for.
 *
 * @param channel to the parent
 * @param token what HELLO has to show; empty over stdio
 */
public record ParentChannel(IpcChannel channel, Optional<String> token) {

    /**
     * Opens it, once a JVM. Over stdio, which is the rule, file descriptors 0 and 1 belong to the protocol for the rest of this
     * JVM's life, as {@link StdioTakeover#take} says. Otherwise only the parent's first line is taken from stdin, which
     * blocks until it is there; stdout stays what it is. SIGINT is ignored either way.
     *
     * @return the channel
     * @throws IllegalStateException if it was called before in this JVM
     * @throws IOException if the parent's socket can't be reached, or its memory not mapped
     */
    public static ParentChannel open() throws IOException {
        StdioTakeover.claim();
        if (!Invitation.isAnnounced()) {
            return new ParentChannel(StdioTakeover.claimed(new byte[0]), Optional.empty());
        }
        Invitation.Start start = Invitation.read(new FileInputStream(FileDescriptor.in));
        if (start.invitation().isEmpty()) {
            return new ParentChannel(StdioTakeover.claimed(start.read().array()), Optional.empty());
        }
        InterruptShield.raise();
        Invitation invitation = start.invitation().get();
        return new ParentChannel(accepted(invitation), Optional.of(invitation.secret()));
    }

    private static IpcChannel accepted(Invitation invitation) throws IOException {
        return invitation.channel() == ChildChannel.UNIX_SOCKET
                ? UnixSockets.connect(invitation.socket())
                : SharedMemoryChannel.connect(invitation.socket());
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "ParentChannel[over=" + (token.isPresent() ? "invitation" : "stdio") + "]";
    }
}
