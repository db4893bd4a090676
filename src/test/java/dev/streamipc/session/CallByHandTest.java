package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A future that its holder completes lets go of the call: nothing of it stays, and the other side is told. */
@Timeout(30)
class CallByHandTest {

    private static final Map<String, Consumer<CompletableFuture<Answer>>> HANDS = Map.of(
            "complete", call -> call.complete(new Answer("mine")),
            "completeExceptionally", call -> call.completeExceptionally(new IllegalStateException("mine")),
            "completeAsync", call -> call.completeAsync(() -> new Answer("mine")),
            "completeAsyncThatThrows",
                    call -> call.completeAsync(
                            () -> {
                                throw new IllegalStateException("mine");
                            },
                            Runnable::run),
            "orTimeout", call -> call.orTimeout(1, TimeUnit.MILLISECONDS),
            "completeOnTimeout", call -> call.completeOnTimeout(new Answer("mine"), 1, TimeUnit.MILLISECONDS),
            "obtrudeValue", call -> call.obtrudeValue(new Answer("mine")),
            "obtrudeException", call -> call.obtrudeException(new IllegalStateException("mine")));

    private final List<Integer> heard = new CopyOnWriteArrayList<>();
    private final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .limits(Limits.DEFAULT.withMaxCalls(1))
            .closeLimit(Duration.ofMillis(500))
            .build();
    private IpcSession parent;
    private FakeSide child;

    @BeforeEach
    void connect() throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 20, true);
        parent = peer.createSession(pair.left(), Role.PARENT);
        parent.events(events::add);
        child = FakeSide.on(pair.right(), Role.CHILD);
        child.hello().ready("reader");
    }

    @AfterEach
    void close() throws Exception {
        child.close();
        peer.close();
    }

    private CompletableFuture<Answer> ask() {
        return parent.request(
                new Ask("x"),
                CallOptions.DEFAULT.onProgress(
                        Note.class, update -> heard.add(update.message().number())));
    }

    private void reply(long id) throws Exception {
        child.send(Kind.REPLY, 0, id, FakeSide.typed(Answer.class, "{\"text\":\"done\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "complete",
                "completeExceptionally",
                "completeAsync",
                "completeAsyncThatThrows",
                "orTimeout",
                "completeOnTimeout",
                "obtrudeValue",
                "obtrudeException"
            })
    void handThatCompletesTheFutureLetsGoOfTheCall(String hand) throws Exception {
        CompletableFuture<Answer> call = ask();
        long id = child.await(Kind.REQUEST).id();

        HANDS.get(hand).accept(call);

        assertEquals(id, child.await(Kind.CANCEL).id());
        Eventually.await("done", call::isDone);
        child.send(Kind.PROGRESS, 0, id, FakeSide.typed(Note.class, "{\"number\":1}"));
        reply(id);
        Eventually.await("late answer", () -> events.contains(new SessionEvent.LateAnswer(1)));
        assertEquals(List.of(), heard);
        // one call is all that may be open: this one would be refused if the other had stayed
        CompletableFuture<Answer> next = ask();
        reply(child.await(Kind.REQUEST).id());
        assertEquals("done", next.join().text());
    }

    @Test
    void whatTheHandGaveStays() throws Exception {
        CompletableFuture<Answer> call = ask();
        long id = child.await(Kind.REQUEST).id();
        assertTrue(call.complete(new Answer("mine")));
        reply(id);
        Eventually.await("late answer", () -> events.contains(new SessionEvent.LateAnswer(1)));

        assertEquals("mine", call.join().text());
        assertFalse(call.complete(new Answer("again")));
        assertFalse(call.isCancelled());
    }

    @Test
    void timeoutOfTheJdkIsWhatItIs() throws Exception {
        CompletableFuture<Answer> call = ask().orTimeout(1, TimeUnit.MILLISECONDS);

        Throwable failure = assertThrows(CompletionException.class, call::join).getCause();
        assertEquals(TimeoutException.class, failure.getClass());
    }

    @Test
    void handThatComesTooLateChangesNothing() throws Exception {
        CompletableFuture<Answer> call = ask();
        reply(child.await(Kind.REQUEST).id());
        call.join();

        assertFalse(call.complete(new Answer("mine")));
        assertFalse(call.completeExceptionally(new IllegalStateException("mine")));
        assertFalse(call.cancel(true));

        assertEquals("done", call.join().text());
        child.send(Kind.PING, 0, Long.MIN_VALUE | 1, new byte[0]);
        assertEquals(Kind.PONG, child.next().kind());
    }
}
