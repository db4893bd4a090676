package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handler does to its thread or throws must not harm the next one. */
@Timeout(30)
class HandlerHarmTest {

    private static final String HALF_A_CHARACTER = "\ud83d";

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .deadline(Duration.ofSeconds(5))
            .closeLimit(Duration.ofMillis(500))
            .build();
    private final MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
    private final IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
    private final IpcSession child = peer.createSession(pair.right(), Role.CHILD);

    @AfterEach
    void close() {
        peer.close();
    }

    private void drive(String how) {
        if (how.equals("pump")) {
            Thread pump = new Thread(child::serve, "test-pump");
            pump.setDaemon(true);
            pump.start();
        } else {
            child.start();
        }
    }

    private static IpcFailure failureOf(CompletableFuture<?> call) {
        CompletionException failed = assertThrows(CompletionException.class, call::join);
        return assertInstanceOf(IpcFailure.class, failed.getCause());
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader", "pump"})
    void failureWithTextThatIsNoTextReachesTheCaller(String how) {
        child.onRequest(Ask.class, ask -> {
            if (ask.text().equals("bad")) {
                throw new IllegalStateException("half a character: " + HALF_A_CHARACTER);
            }
            return new Answer(ask.text());
        });
        drive(how);

        assertInstanceOf(RemoteFailure.class, failureOf(parent.request(new Ask("bad"))));
        assertEquals("good", parent.call(new Ask("good")).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader", "pump"})
    void failureThatCannotSpeakReachesTheCaller(String how) {
        child.onRequest(Ask.class, ask -> {
            if (ask.text().equals("bad")) {
                throw new Mute();
            }
            return new Answer(ask.text());
        });
        drive(how);

        assertInstanceOf(RemoteFailure.class, failureOf(parent.request(new Ask("bad"))));
        assertEquals("good", parent.call(new Ask("good")).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader", "pump"})
    void interruptFlagOfOneHandlerDoesNotReachTheNext(String how) throws Exception {
        CompletableFuture<Boolean> seen = new CompletableFuture<>();
        CountDownLatch both = new CountDownLatch(2);
        child.onMessage(Note.class, note -> {
            if (note.number() == 1) {
                Thread.currentThread().interrupt();
            } else {
                seen.complete(Thread.currentThread().isInterrupted());
            }
            both.countDown();
        });
        child.onRequest(Ask.class, ask -> new Answer(ask.text()));
        drive(how);
        parent.notify(new Note(1));
        parent.flush(Duration.ofSeconds(5));
        parent.call(new Ask("both are behind this"));
        parent.notify(new Note(2));

        assertTrue(both.await(5, TimeUnit.SECONDS));
        assertFalse(seen.join());
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader", "pump"})
    void channelThatThrowsWhatItMustNotEndsTheSession(String how) throws Exception {
        ThrowingChannel channel = new ThrowingChannel();
        IpcSession broken = peer.createSession(channel, Role.CHILD);
        CountDownLatch over = new CountDownLatch(1);
        broken.events(event -> {
            if (event instanceof SessionEvent.Closed) {
                over.countDown();
            }
        });
        if (how.equals("pump")) {
            broken.serve();
        } else {
            broken.start();
        }

        assertTrue(over.await(5, TimeUnit.SECONDS));
        assertTrue(broken.isClosed());
    }

    private static final class Mute extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new StackOverflowError();
        }
    }
}
