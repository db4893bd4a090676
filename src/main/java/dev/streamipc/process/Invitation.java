package dev.streamipc.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The line that a parent writes to a child's stdin so that it connects to a socket (docs/PROTOCOL.md, sections 11 and 17). A
 * variable of the environment says that such a line comes; the secret stands in the line alone.
 *
 * @param channel what goes by the socket: the session, or word of shared memory
 * @param secret shown in HELLO, once
 */
record Invitation(ChildChannel channel, Path socket, String secret) {

    static final String VARIABLE = "STREAMIPC_CHANNEL";

    private static final int MAX_LINE_BYTES = 1_024;
    private static final Pattern LINE = Pattern.compile("stream-ipc (unix-socket|shared-memory) ([0-9a-f]{64}) (.+)\n");

    /** What stdin begins with: an invitation, or bytes of something else. */
    record Start(Optional<Invitation> invitation, ByteBuffer read) {}

    /** Returns whether the variable says that a line comes. */
    static boolean isAnnounced() {
        String word = System.getenv(VARIABLE);
        return ChildChannel.UNIX_SOCKET.word().equals(word)
                || ChildChannel.SHARED_MEMORY.word().equals(word);
    }

    byte[] line() {
        return ("stream-ipc " + channel.word() + " " + secret + " " + socket + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Reads no byte behind the line. Blocks until the parent has written something. */
    static Start read(InputStream stdin) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int last = 0;
        while (last != '\n' && line.size() < MAX_LINE_BYTES && isBeginning(line)) {
            last = stdin.read();
            if (last < 0) {
                break;
            }
            line.write(last);
        }
        Matcher matcher = LINE.matcher(line.toString(StandardCharsets.UTF_8));
        return new Start(
                matcher.matches() ? Optional.of(of(matcher)) : Optional.empty(), ByteBuffer.wrap(line.toByteArray()));
    }

    private static Invitation of(Matcher line) {
        boolean unix = line.group(1).equals(ChildChannel.UNIX_SOCKET.word());
        ChildChannel channel = unix ? ChildChannel.UNIX_SOCKET : ChildChannel.SHARED_MEMORY;
        return new Invitation(channel, Path.of(line.group(3)), line.group(2));
    }

    /** A frame begins otherwise: the variable was inherited from a parent that was invited itself. */
    private static boolean isBeginning(ByteArrayOutputStream line) {
        return line.size() == 0 || line.toByteArray()[0] == 's';
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "Invitation[socket=" + socket + "]";
    }
}
