package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Attachment;
import dev.streamipc.message.Undecodable;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Scan;
import dev.streamipc.session.Samples.ScanBack;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables and positions as no session of ours writes them, and sides that know nothing of attachments. */
@Timeout(30)
class AttachmentRulesTest {

    private static final String BOTH = "{\"first\":0,\"second\":1}";

    private final IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build();
    private final MemoryChannel.Pair pair = MemoryChannel.pair(1 << 20, true);
    private final IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
    private final FakeSide child = FakeSide.on(pair.right(), Role.CHILD);

    @AfterEach
    void close() throws Exception {
        child.close();
        peer.close();
    }

    private void start(boolean withFeatures) throws Exception {
        parent.onRequest(Scan.class, scan -> new ScanBack(scan.second(), scan.first()));
        parent.onRequest(Ask.class, ask -> new Answer(ask.text()));
        parent.start();
        if (withFeatures) {
            child.helloWithFeatures();
        } else {
            child.hello();
        }
        child.ready("reader");
        child.await(Kind.READY);
    }

    /** A payload of fields, with a table of these lengths before it and so many bytes behind it. */
    private static byte[] payload(int count, int[] lengths, byte[] fields, int attachmentBytes) {
        ByteBuffer payload = ByteBuffer.allocate(2 + 4 * lengths.length + fields.length + attachmentBytes);
        payload.putShort((short) count);
        Arrays.stream(lengths).forEach(payload::putInt);
        return payload.put(fields).array();
    }

    private static byte[] asked(String json) {
        return FakeSide.asked(Scan.class, -1, json);
    }

    private static int[] lengths(String text) {
        return text.isEmpty()
                ? new int[0]
                : Arrays.stream(text.split(" "))
                        .mapToInt(Integer::parseUnsignedInt)
                        .toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "0, '', 0, no table of attachments: count=0",
        "257, '', 2000, no table of attachments: count=257",
        "3, '1', 2, no table of attachments: count=3",
        "2, '10 4294967295', 20, attachments over the payload: count=2",
        "2, '10 200', 20, attachments over the payload: count=2",
        "2, '10 34', 20, payload too short",
    })
    void badTableFailsItsRequestAlone(int count, String lengths, int attachmentBytes, String cause) throws Exception {
        start(true);
        long id = Long.MIN_VALUE | 1;
        byte[] fields = count == 3 ? new byte[3] : asked(BOTH);
        child.send(Kind.REQUEST, Flags.ATTACHMENTS, id, payload(count, lengths(lengths), fields, attachmentBytes));

        String failure = child.await(Kind.FAILURE).text();
        assertTrue(failure.contains("Undecodable") && failure.contains("ARGUMENT"), failure);
        assertTrue(failure.contains(cause), failure);
        goesOn();
    }

    private void goesOn() throws Exception {
        child.send(Kind.REQUEST, 0, Long.MIN_VALUE | 9, FakeSide.asked(Ask.class, -1, "{\"text\":\"on\"}"));
        assertEquals("on", answerOf(child.await(Kind.REPLY).payload()));
    }

    private static String answerOf(byte[] reply) {
        String text = new String(reply, 2, reply.length - 2, java.nio.charset.StandardCharsets.UTF_8);
        return text.replaceAll(".*:\"(.*)\"}", "$1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"first\":0,\"second\":2}  | no such attachment: position=2",
                "{\"first\":-1,\"second\":1} | no such attachment: position=-1",
                "{\"first\":1,\"second\":1}  | attachment named twice: position=1",
                "{\"first\":1.5,\"second\":1} | position of an attachment expected",
                "{\"first\":\"0\",\"second\":1} | position of an attachment expected",
                "{\"first\":9999999999,\"second\":1} | position of an attachment expected",
            })
    void badPositionFailsItsRequestAlone(String json, String cause) throws Exception {
        start(true);
        child.send(Kind.REQUEST, Flags.ATTACHMENTS, Long.MIN_VALUE | 1, payload(2, new int[] {3, 4}, asked(json), 7));

        String failure = child.await(Kind.FAILURE).text();
        assertTrue(failure.contains("Undecodable") && failure.contains("ARGUMENT"), failure);
        assertTrue(failure.contains(cause), failure);
        goesOn();
    }

    @Test
    void attachmentsThatNoFieldNamesArePassedOver() throws Exception {
        start(true);
        byte[] payload = payload(3, new int[] {2, 1, 3}, asked("{\"first\":2,\"second\":0}"), 6);
        payload[payload.length - 6] = 1;
        payload[payload.length - 1] = 9;
        child.send(Kind.REQUEST, Flags.ATTACHMENTS, Long.MIN_VALUE | 1, payload);

        FakeSide.Seen reply = child.await(Kind.REPLY);

        assertEquals(Flags.ATTACHMENTS, reply.flags() & Flags.ATTACHMENTS);
        ByteBuffer seen = ByteBuffer.wrap(reply.payload());
        assertEquals(2, seen.getShort());
        assertEquals(2, seen.getInt());
        assertEquals(3, seen.getInt());
        byte[] attachments = Arrays.copyOfRange(reply.payload(), reply.payload().length - 5, reply.payload().length);
        assertEquals("[1, 0, 0, 0, 9]", Arrays.toString(attachments));
    }

    @Test
    void badTableOfAnAnswerEndsItsCallAlone() throws Exception {
        start(true);
        ByteBuffer memory = ByteBuffer.allocate(100);
        CompletableFuture<ScanBack> call =
                parent.request(new Scan(Attachment.of(new byte[3]), null), CallOptions.DEFAULT.attachmentsInto(memory));
        long id = child.await(Kind.REQUEST).id();
        child.send(
                Kind.REPLY,
                Flags.ATTACHMENTS,
                id,
                payload(2, new int[] {50, 60}, FakeSide.typed(ScanBack.class, BOTH), 10));

        Throwable failure = call.handle((value, thrown) -> thrown).join();

        Undecodable undecodable = assertInstanceOf(Undecodable.class, failure);
        assertEquals(Undecodable.Subject.ANSWER, undecodable.subject());
        goesOn();
    }

    @Test
    void badTableOfANotificationDropsIt() throws Exception {
        start(true);
        child.send(Kind.NOTIFY, Flags.ATTACHMENTS, 0, payload(0, new int[0], new byte[4], 0));

        Eventually.await("it is dropped", () -> parent.stats().in().droppedNotifications() == 1);
        goesOn();
    }

    @Test
    void sideThatKnowsNoAttachmentsIsSentNone() throws Exception {
        start(false);

        Throwable failure = parent.request(new Scan(Attachment.of(new byte[3]), null))
                .handle((value, thrown) -> thrown)
                .join();

        Undecodable undecodable = assertInstanceOf(Undecodable.class, failure);
        assertEquals(Undecodable.Subject.ARGUMENT, undecodable.subject());
        assertTrue(undecodable.getMessage().contains("knows no attachments"), undecodable.getMessage());
        parent.onRequest(Samples.Blob.class, blob -> new Samples.BlobBack(blob.bytes()));
        goesOn();
    }

    @Test
    void answerWithAttachmentsForASideThatKnowsNoneIsAFailure() throws Exception {
        parent.onRequest(Scan.class, scan -> new ScanBack(Attachment.of(new byte[1]), null));
        start(false);
        child.send(Kind.REQUEST, 0, Long.MIN_VALUE | 1, asked("{\"first\":null,\"second\":null}"));

        String failure = child.await(Kind.FAILURE).text();

        assertTrue(failure.contains("Undecodable") && failure.contains("ANSWER"), failure);
        assertTrue(failure.contains("knows no attachments"), failure);
        goesOn();
    }
}
