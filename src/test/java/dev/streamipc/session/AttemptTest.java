package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.Attachment;
import dev.streamipc.process.Child;
import dev.streamipc.process.ChildChannel;
import dev.streamipc.session.AttemptChild.Bringing;
import dev.streamipc.session.AttemptChild.Listing;
import dev.streamipc.session.AttemptChild.Seen;
import dev.streamipc.session.AttemptChild.Work;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The attempt and the key of a call, from its options to its handler. */
@Timeout(60)
class AttemptTest {

    private static final CallOptions LONG = CallOptions.deadline(Duration.ofSeconds(30));
    private static final String KEY = "order 17, g\u00FCltig \uD83D\uDE42";

    private static final Work SMALL = new Work("x", null);

    /** A session whose other side tells what it sees: a child, or this JVM. */
    private static IpcSession session(IpcPeer peer, String channel, String serializer) {
        if (channel.equals("MEMORY")) {
            MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
            IpcSession child = peer.createSession(pair.right(), Role.CHILD);
            AttemptChild.answer(child);
            child.start();
            return peer.createSession(pair.left(), Role.PARENT);
        }
        return peer.spawn(Child.java(AttemptChild.class).arguments(serializer).over(ChildChannel.valueOf(channel)));
    }

    @ParameterizedTest
    @CsvSource({"MEMORY, kryo", "MEMORY, json", "STDIO, kryo", "STDIO, json", "UNIX_SOCKET, kryo", "UNIX_SOCKET, json"})
    void handlerReadsWhatTheCallerSays(String channel, String serializer) {
        try (IpcPeer peer = AttemptChild.peer(serializer)) {
            IpcSession session = session(peer, channel, serializer);
            assertEquals(new Seen(1, "", 1), session.call(SMALL, LONG));
            assertEquals(new Seen(1, KEY, 1), session.call(SMALL, LONG.attempt(1, KEY)));
            for (int size : new int[] {0, 1, 70_000, 3_000_000}) {
                Attachment data = Attachment.of(new byte[size]);
                String text = "t".repeat(size);
                CallOptions third = LONG.attempt(3, KEY);
                assertEquals(new Seen(3, KEY, size), session.call(new Work(text, null), third));
                assertEquals(new Seen(3, KEY, size), session.call(new Work("", data), third));
                assertEquals(new Seen(3, KEY, 2 * size), session.call(new Work(text, data), third));
            }
            String longest = "k".repeat(CallOptions.MAX_KEY_BYTES);
            assertEquals(new Seen(65_535, longest, 1), session.call(SMALL, LONG.attempt(65_535, longest)));
            assertEquals(new Seen(1, "", 1), session.call(SMALL, LONG));
        }
    }

    @ParameterizedTest
    @CsvSource({"MEMORY, kryo", "MEMORY, json", "STDIO, kryo", "UNIX_SOCKET, json"})
    void handlersOfStreamsReadItToo(String channel, String serializer) {
        try (IpcPeer peer = AttemptChild.peer(serializer)) {
            IpcSession session = session(peer, channel, serializer);
            List<Seen> parts = new ArrayList<>();
            session.stream(new Listing(3), LONG.attempt(2, KEY)).forEach(parts::add);
            assertEquals(List.of(new Seen(2, KEY, 0), new Seen(2, KEY, 1), new Seen(2, KEY, 2)), parts);

            Upload<Seen, Seen> upload = session.upload(new Bringing("y".repeat(100_000)), LONG.attempt(2, KEY));
            upload.send(new Seen(0, "", 30));
            upload.send(new Seen(0, "", 4));
            assertEquals(new Seen(2, KEY, 34), upload.finish());

            assertEquals(
                    new Seen(1, "", 0),
                    session.upload(new Bringing("again"), LONG).finish());
        }
    }

    @Test
    void requestThatNobodyAsksIsTheFirstAttempt() {
        RequestContext context = new UnaskedContext();

        assertEquals(1, context.attempt());
        assertEquals(Optional.empty(), context.key());
    }

    @Test
    void optionsKeepTheAttemptWhateverElseIsSet() {
        ByteBuffer memory = ByteBuffer.allocate(1);

        CallOptions set = CallOptions.DEFAULT
                .attempt(4, "k")
                .tellingStarted()
                .whenFull(WhenFull.WAIT)
                .attachmentsInto(memory)
                .progressTo(new ProgressPublisher<>(Seen.class))
                .onProgress(Seen.class, progress -> {});

        assertEquals(4, set.attempt());
        assertEquals("k", set.key());
        CallOptions late = LONG.tellingStarted().attachmentsInto(memory).attempt(5, "l");
        assertEquals(new CallOptions(LONG.deadline(), null, true, null, memory, 5, "l"), late);
        assertEquals(1, CallOptions.DEFAULT.attempt());
        assertEquals(null, CallOptions.DEFAULT.key());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65_536, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void attemptIsCheckedByTheOptions(int number) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> CallOptions.DEFAULT.attempt(number, "k"));

        assertEquals("attempt out of range: attempt=" + number + ", max=65535; count from 1", refused.getMessage());
    }

    @Test
    void keyIsCheckedByTheOptions() {
        for (String bad : List.of("", "k".repeat(1_025), "\u00FC".repeat(513))) {
            String said = assertThrows(IllegalArgumentException.class, () -> LONG.attempt(1, bad))
                    .getMessage();
            assertTrue(said.startsWith("key of an attempt out of range: keyBytes="), said);
        }
        for (String half : List.of("\uD83D", "a\uDE42b", "k".repeat(1_000) + "\uD83D")) {
            String said = assertThrows(IllegalArgumentException.class, () -> LONG.attempt(1, half))
                    .getMessage();
            assertTrue(said.startsWith("key of an attempt has half a surrogate pair"), said);
        }
        assertThrows(NullPointerException.class, () -> LONG.attempt(1, null));
    }
}
