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
 * The line that a parent writes to a child's stdin so that it connects to a socket (docs/PROTOCOL.md, section 11). A variable
 * of the environment says that such a line comes; the secret stands in the line alone.
 *
 * @param secret shown in HELLO, once
 */
record Invitation(Path socket, String secret) {

    static final String VARIABLE = "STREAMIPC_CHANNEL";
    static final String UNIX_SOCKET = "unix-socket";

    private static final int MAX_LINE_BYTES = 1_024;
    private static final Pattern LINE = Pattern.compile("stream-ipc unix-socket ([0-9a-f]{64}) (.+)\n");

    /** What stdin begins with: an invitation, or bytes of something else. */
    record Start(Optional<Invitation> invitation, ByteBuffer read) {}

    byte[] line() {
        return ("stream-ipc unix-socket " + secret + " " + socket + "\n").getBytes(StandardCharsets.UTF_8);
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
        Optional<Invitation> invitation = matcher.matches()
                ? Optional.of(new Invitation(Path.of(matcher.group(2)), matcher.group(1)))
                : Optional.empty();
        return new Start(invitation, ByteBuffer.wrap(line.toByteArray()));
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
