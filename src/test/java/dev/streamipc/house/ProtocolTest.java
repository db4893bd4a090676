package dev.streamipc.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.serial.json.ControlJson;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Holds that docs/PROTOCOL.md shows what is really sent. */
@Timeout(20)
class ProtocolTest {

    private static final int HEADER_BYTES = 24;
    private static final int LENGTH_AT = 16;

    @Test
    void helloIsAsThePageShowsIt() throws Exception {
        Map<String, Object> sent = helloOfASession();
        Map<String, Object> shown = shownHello();

        assertEquals(shown.keySet(), sent.keySet());
        for (String same :
                List.of("protocol", "versions", "minor", "role", "serializers", "types", "limits", "features")) {
            assertEquals(shown.get(same), sent.get(same), same);
        }
        assertEquals(withoutNumbers(shown.get("name")), withoutNumbers(sent.get("name")));
        assertEquals(
                String.valueOf(shown.get("salt")).length(),
                String.valueOf(sent.get("salt")).length());
    }

    private static String withoutNumbers(Object text) {
        return String.valueOf(text).replaceAll("\\d+", "#");
    }

    private static Map<String, Object> helloOfASession() throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 16);
        try (IpcPeer peer = IpcPeer.builder().build()) {
            peer.createSession(pair.left(), Role.PARENT);
            ByteBuffer frame = ByteBuffer.allocate(1 << 16);
            while (frame.position() < HEADER_BYTES || frame.position() < HEADER_BYTES + frame.getInt(LENGTH_AT)) {
                pair.right().read(frame);
            }
            pair.right().close();
            return ControlJson.read(frame.array(), HEADER_BYTES, frame.getInt(LENGTH_AT));
        }
    }

    private static Map<String, Object> shownHello() throws Exception {
        String json = Repository.lines(Repository.ROOT.resolve("docs/PROTOCOL.md")).stream()
                .dropWhile(line -> !line.startsWith("{\"protocol\""))
                .takeWhile(line -> !line.startsWith("```"))
                .collect(Collectors.joining("\n"));
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return ControlJson.read(bytes, 0, bytes.length);
    }
}
