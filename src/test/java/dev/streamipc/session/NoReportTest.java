package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.ExitReport;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.process.ChildProcess;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process of the user's own making that refuses to say how it ended. */
@Timeout(30)
class NoReportTest {

    private record Mute(IpcChannel channel, CompletableFuture<Void> exit, CompletableFuture<Void> released)
            implements OtherEnd {
        @Override
        public Optional<ChildProcess> process() {
            return Optional.empty();
        }

        @Override
        public boolean hasProcess() {
            return true;
        }

        @Override
        public void whenExited(Runnable task) {
            exit.thenRun(task);
        }

        @Override
        public void ready() {}

        @Override
        public void inputEnded() {}

        @Override
        public void parted() {}

        @Override
        public ExitReport report(long messagesServed, int callsInFlight) {
            throw new UnsupportedOperationException("no exit value");
        }

        @Override
        public void release(Duration drain) {
            try {
                channel.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            released.complete(null);
        }
    }

    @Test
    void callsEndAndAllIsReleasedThoughThereIsNoExitReport() throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536, true);
        Mute end = new Mute(pair.left(), new CompletableFuture<>(), new CompletableFuture<>());
        PeerSettings settings = IpcPeer.builder().messages(Samples.ALL).build().settings;
        Facts facts = new Facts("mute", Role.PARENT, end, Admission.FREE, settings, JvmSurroundings.INSTANCE);
        Conversation conversation = new Conversation(facts, orderly -> {});
        try (IpcSession parent = new IpcSession(facts, conversation);
                FakeSide child = FakeSide.on(pair.right(), Role.CHILD)) {
            conversation.open();
            child.hello().ready("reader");
            CompletableFuture<Answer> call = parent.request(new Ask("x"));
            child.await(Kind.REQUEST);

            end.exit().complete(null);
            pair.right().close();

            CompletionException failed = assertThrows(
                    CompletionException.class,
                    () -> call.orTimeout(10, TimeUnit.SECONDS).join());
            SessionClosed closed = assertInstanceOf(SessionClosed.class, failed.getCause());
            assertEquals(Certainty.MAYBE_EXECUTED, closed.certainty());
            end.released().get(10, TimeUnit.SECONDS);
            assertTrue(parent.awaitClosed(Duration.ofSeconds(10)));
        }
    }
}
