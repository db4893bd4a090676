package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.clock.Scheduler;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Message;
import dev.streamipc.message.StartFailed;
import dev.streamipc.message.Undecodable;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.SharedTypes;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a session begins, and what keeps it from beginning. */
@Timeout(30)
class StartTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Runs what is due after the start limit only when the test says so; the rest never. */
    private static final class HandTimer implements Scheduler {

        private final Queue<Runnable> starts = new ArrayDeque<>();

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Due schedule(Runnable task, long delayNanos) {
            if (delayNanos == LIMIT.toNanos()) {
                starts.add(task);
            }
            return () -> {};
        }
    }

    private static IpcPeer.Builder builder() {
        return IpcPeer.builder().messages(Samples.ALL).closeLimit(Duration.ofMillis(200));
    }

    @Test
    void sessionThatNobodyHasStartedDoesNotBlameTheOtherSide() throws Exception {
        HandTimer timer = new HandTimer();
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
        try (IpcPeer peer = builder().startLimit(LIMIT).scheduler(timer).build();
                FakeSide child = FakeSide.on(pair.right(), Role.CHILD)) {
            IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
            child.hello().ready("reader");
            timer.starts.remove().run();
            assertFalse(parent.isClosed());

            CompletableFuture<Answer> call = parent.request(new Ask("late, but not too late"));
            child.send(
                    Kind.REPLY, 0, child.await(Kind.REQUEST).id(), FakeSide.typed(Answer.class, "{\"text\":\"ok\"}"));

            assertEquals("ok", call.join().text());
            timer.starts.remove().run();
            assertFalse(parent.isClosed());
        }
    }

    @Test
    void startedSessionWithoutAHelloEndsAtTheLimit() {
        HandTimer timer = new HandTimer();
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
        try (IpcPeer peer = builder().startLimit(LIMIT).scheduler(timer).build()) {
            IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
            CompletableFuture<Answer> call = parent.request(new Ask("x"));

            timer.starts.remove().run();

            CompletionException failed = assertThrows(CompletionException.class, call::join);
            assertInstanceOf(StartFailed.class, failed.getCause());
        }
    }

    @Test
    void processOfASessionThatCannotOpenIsEnded() throws Exception {
        Process process = new ProcessBuilder("sleep", "1000").start();
        MessageSerializer longName = new OddSerializer("x".repeat(70_000));
        try (IpcPeer peer = builder().serializers(longName).build()) {
            assertThrows(IllegalArgumentException.class, () -> peer.createOwnedProcessSession(process));

            assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void serializerWhoseFailureCannotSpeakFailsThatCallOnly() {
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
        try (IpcPeer left = builder().serializers(new OddSerializer("odd")).build();
                IpcPeer right = builder().serializers(new OddSerializer("odd")).build()) {
            IpcSession parent = left.createSession(pair.left(), Role.PARENT);
            IpcSession child = right.createSession(pair.right(), Role.CHILD);
            child.onRequest(Ask.class, ask -> new Answer(ask.text()));
            child.start();

            CompletableFuture<Answer> call = parent.request(new Ask("odd"));

            CompletionException failed = assertThrows(CompletionException.class, call::join);
            assertInstanceOf(Undecodable.class, failed.getCause());
            assertEquals("even", parent.call(new Ask("even")).text());
        }
    }

    @Test
    void serializerThatMakesNoCodecIsNamedOnBothSides() {
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
        try (IpcPeer good = builder().serializers(new OddSerializer("odd")).build();
                IpcPeer bad = builder().serializers(new NoCodec("odd")).build()) {
            IpcSession parent = good.createSession(pair.left(), Role.PARENT);
            IpcSession child = bad.createSession(pair.right(), Role.CHILD);
            child.start();

            CompletionException there = assertThrows(
                    CompletionException.class,
                    () -> parent.request(new Ask("x")).join());
            CompletionException here = assertThrows(
                    CompletionException.class, () -> child.request(new Ask("x")).join());

            for (CompletionException end : List.of(there, here)) {
                String text =
                        assertInstanceOf(StartFailed.class, end.getCause()).getMessage();
                assertTrue(text.contains("serializer failed before its first message: cause="), text);
                assertTrue(text.contains("IllegalStateException: no codec today; mend it, or use another"), text);
            }
        }
    }

    private record NoCodec(String name) implements MessageSerializer {

        @Override
        public Codec codec(SharedTypes types) {
            throw new IllegalStateException("no codec today");
        }
    }

    /** JSON under another name, whose decoder throws what has no text for the message "odd". */
    private record OddSerializer(String name) implements MessageSerializer {

        @Override
        public Codec codec(SharedTypes types) {
            Codec json = new JsonMessageSerializer().codec(types);
            return new Codec() {
                @Override
                public void encode(Message message, OutputStream out) throws IOException {
                    json.encode(message, out);
                }

                @Override
                public Message decode(Class<? extends Message> type, byte[] bytes, int offset, int length)
                        throws IOException {
                    Message message = json.decode(type, bytes, offset, length);
                    if (message instanceof Ask ask && ask.text().equals("odd")) {
                        throw new Mute();
                    }
                    return message;
                }
            };
        }
    }

    private static final class Mute extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            throw new IllegalStateException("no text");
        }
    }
}
