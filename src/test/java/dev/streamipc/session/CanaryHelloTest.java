package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Message;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.serial.json.ControlJson;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names of classes in the control frames of a session stay text. */
@Timeout(30)
class CanaryHelloTest {

    private static final AtomicInteger SONGS = new AtomicInteger();
    private static final String NAME = CanaryHelloTest.class.getName() + "$Canary";

    /** Sings as soon as anybody initialises it. */
    record Canary(String text) implements Message {
        static {
            SONGS.incrementAndGet();
        }
    }

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .closeLimit(Duration.ofMillis(300))
            .build();

    @AfterEach
    void close() {
        peer.close();
    }

    @Test
    void classNamesInControlFramesStayText() throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 20);
        IpcSession session = peer.createSession(pair.left(), Role.PARENT);
        session.start();
        FakeSide other = FakeSide.on(pair.right(), Role.CHILD);
        other.send(Kind.HELLO, 0, 0, hello(other));
        other.ready("reader");

        CompletableFuture<Answer> call = session.request(new Ask("x"));
        long id = other.await(Kind.REQUEST).id();
        other.send(
                Kind.FAILURE,
                id,
                "{\"failure\":\"RemoteFailure\",\"type\":\"" + NAME + "\",\"message\":\"m\",\"stack\":\"" + NAME
                        + "\"}");

        RemoteFailure failure = assertInstanceOf(
                RemoteFailure.class,
                assertThrows(CompletionException.class, call::join).getCause());
        assertEquals(NAME, failure.remoteType());
        assertEquals(0, SONGS.get(), "a frame has initialised a class");
        assertEquals(NAME, Class.forName(NAME).getName());
        assertEquals(1, SONGS.get(), "the canary can't sing");
    }

    /** The usual one, with the class in the table, as a serializer, as a feature and as the name of the program. */
    private static byte[] hello(FakeSide other) throws IOException {
        byte[] usual = other.helloJson(List.of(NAME, "json"));
        Map<String, Object> map = ControlJson.read(usual, 0, usual.length);
        List<Object> types = new ArrayList<>((List<?>) map.get("types"));
        types.add(Map.of("name", NAME, "shape", NAME));
        map.put("types", types);
        map.put("name", NAME);
        map.put("features", List.of(NAME));
        map.put("class", NAME);
        return ControlJson.write(map);
    }
}
