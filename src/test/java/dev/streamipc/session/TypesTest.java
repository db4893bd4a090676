package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.Message;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.Request;
import dev.streamipc.message.StartFailed;
import dev.streamipc.message.Undecodable;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.SharedTypes;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Blob;
import dev.streamipc.session.Samples.BlobBack;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Serializers, types, limits and request ids: what is chosen at each side, and what a mismatch says. */
@Timeout(30)
class TypesTest {

    private IpcPeer left = IpcPeer.builder().build();
    private IpcPeer right = IpcPeer.builder().build();
    private IpcSession parent;
    private IpcSession child;

    @AfterEach
    void close() {
        left.close();
        right.close();
    }

    private void connect(IpcPeer.Builder parents, IpcPeer.Builder childs) {
        left = parents.build();
        right = childs.build();
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
        parent = left.createSession(pair.left(), Role.PARENT);
        child = right.createSession(pair.right(), Role.CHILD);
        child.onRequest(Ask.class, ask -> new Answer(ask.text()));
        child.onRequest(Blob.class, blob -> new BlobBack(new byte[blob.bytes().length + 1_000]));
        child.start();
    }

    private static IpcPeer.Builder samples() {
        return IpcPeer.builder().messages(Samples.ALL);
    }

    record Unknown(int number) implements Request<Answer> {}

    @Test
    void typeThatIsNotRegisteredHereIsRefused() {
        connect(samples(), samples());

        Rejected failure = assertThrows(Rejected.class, () -> parent.call(new Unknown(1)));
        assertEquals(Rejected.Reason.NOT_REGISTERED, failure.reason());
        assertThrows(Rejected.class, () -> parent.notify(new Stranger()));
    }

    record Stranger() implements Message {}

    @Test
    void typeThatIsNotRegisteredThereIsRefused() {
        connect(samples().messages(Unknown.class), samples());

        Rejected failure = assertThrows(Rejected.class, () -> parent.call(new Unknown(1)));
        assertEquals(Rejected.Reason.NOT_REGISTERED, failure.reason());
        assertEquals("ok", parent.call(new Ask("ok")).text());
    }

    @Test
    void messageOverTheOtherSidesLimitIsRefusedHere() {
        connect(samples(), samples().limits(Limits.DEFAULT.withMaxPayloadBytes(4_096)));

        Rejected failure = assertThrows(Rejected.class, () -> parent.call(new Ask("x".repeat(5_000))));
        assertEquals(Rejected.Reason.TOO_LARGE, failure.reason());
        assertTrue(String.valueOf(failure.getMessage()).contains("maxPayloadBytes=4096"), failure.getMessage());
        assertEquals("ok", parent.call(new Ask("ok")).text());
    }

    @Test
    void answerOverTheCallersLimitIsUndecodable() {
        connect(samples().limits(Limits.DEFAULT.withMaxPayloadBytes(4_096)), samples());

        Undecodable failure = assertThrows(Undecodable.class, () -> parent.call(new Blob(new byte[4_000])));
        assertEquals(Undecodable.Subject.ANSWER, failure.subject());
        assertEquals("ok", parent.call(new Ask("ok")).text());
    }

    @Test
    void eachSerializerCarriesTheSame() {
        for (MessageSerializer serializer : Set.of(new KryoMessageSerializer(), new JsonMessageSerializer())) {
            connect(samples().serializers(serializer), samples());
            assertEquals("ä€😀", parent.call(new Ask("ä€😀")).text());
            close();
        }
    }

    @Test
    void serializersWithoutACommonNameAreRefusedOnBothSides() {
        connect(samples().serializers(new KryoMessageSerializer()), samples().serializers(new JsonMessageSerializer()));

        StartFailed failure = assertThrows(StartFailed.class, () -> parent.call(new Ask("x")));
        String text = String.valueOf(failure.getMessage());
        assertTrue(text.contains("kryo") && text.contains("json"), text);
        assertThrows(StartFailed.class, () -> child.call(new Ask("x")));
    }

    @Test
    void usersOwnSerializerServes() {
        connect(samples().serializers(new TextSerializer()), samples().serializers(new TextSerializer()));

        assertEquals("own", parent.call(new Ask("own")).text());
        Undecodable failure = assertThrows(Undecodable.class, () -> parent.call(new Blob(new byte[1])));
        assertEquals(Undecodable.Subject.ARGUMENT, failure.subject());
    }

    record Broken(List<Exception> causes) implements Message {}

    @Test
    void fieldThatCantTravelIsRefusedWhenThePeerIsBuilt() {
        IpcPeer.Builder builder = IpcPeer.builder().messages(Broken.class);

        String why =
                "field can't travel: record=" + Broken.class.getName() + ", field=causes, type=java.lang.Exception";
        for (MessageSerializer serializer : List.of(new KryoMessageSerializer(), new JsonMessageSerializer())) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, builder.serializers(serializer)::build);
            assertTrue(refused.getMessage().startsWith(why), refused.getMessage());
        }
        builder.serializers(new TextSerializer()).build().close();
    }

    /** Knows Ask and Answer only. */
    private static final class TextSerializer implements MessageSerializer, MessageSerializer.Codec {
        @Override
        public String name() {
            return "text";
        }

        @Override
        public Codec codec(SharedTypes types) {
            return this;
        }

        @Override
        public void encode(Message message, OutputStream out) throws IOException {
            String text = message instanceof Ask ask ? ask.text() : ((Answer) message).text();
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Message decode(Class<? extends Message> type, byte[] payload, int offset, int length) {
            String text = new String(payload, offset, length, StandardCharsets.UTF_8);
            return type == Ask.class ? new Ask(text) : new Answer(text);
        }
    }

    @Test
    void everyRequestIdGeneratorServes() {
        Set<Supplier<RequestIdGenerator>> generators = new HashSet<>(Set.of(
                RequestIdGenerator::counter,
                RequestIdGenerator::pidAndTime,
                RequestIdGenerator::random,
                () -> () -> System.nanoTime()));
        for (Supplier<RequestIdGenerator> generator : generators) {
            connect(samples().requestIds(generator), samples());
            for (int i = 0; i < 100; i++) {
                assertEquals("" + i, parent.call(new Ask("" + i)).text());
            }
            close();
        }
    }

    @Test
    void idThatIsInFlightIsRefused() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        connect(
                samples().messages(Unanswered.class).requestIds(() -> () -> 7),
                samples().messages(Unanswered.class));
        child.onRequest(Unanswered.class, held -> {
            release.await();
            return new Answer("late");
        });

        CompletableFuture<Answer> held = parent.request(new Unanswered());
        Rejected failure = assertThrows(Rejected.class, () -> parent.call(new Ask("same id")));
        release.countDown();

        assertEquals(Rejected.Reason.DUPLICATE_ID, failure.reason());
        assertEquals("late", held.join().text());
    }

    /** The answer's type is one step away. */
    interface Question<T extends Message> extends Request<T> {}

    record Indirect() implements Question<Answer> {}

    @Test
    void answerTypeIsFoundThroughAnInterfaceInBetween() {
        assertEquals(Answer.class, AnswerTypes.of(Indirect.class));
        assertEquals(Answer.class, AnswerTypes.of(Ask.class));
    }

    @Test
    void closedPeerOpensNoSession() {
        left.close();

        assertThrows(
                IllegalStateException.class,
                () -> left.createSession(MemoryChannel.pair(4_096).left(), Role.PARENT));
    }

    record Unanswered() implements Request<Answer> {}
}
