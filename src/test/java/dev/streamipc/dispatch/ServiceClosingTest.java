package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.session.IpcSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dispatchers that are closed by what serves their workers. */
@Timeout(60)
class ServiceClosingTest {

    private static final Duration CLOSE_LIMIT = Duration.ofMillis(200);

    private final CompletableFuture<Dispatcher> made = new CompletableFuture<>();
    private final CompletableFuture<Boolean> returned = new CompletableFuture<>();

    /** Asks the parent, or tells it something. */
    public static final class Bell implements WorkerProgram {

        @Override
        public void setUp(WorkerSetup worker) {
            CompletableFuture<IpcSession> parent = new CompletableFuture<>();
            worker.messages(Workbench.NestAsked.class, Workbench.Step.class, Workbench.Echoed.class);
            worker.withSession(parent::complete);
            worker.function(
                    "ask",
                    call -> parent.join().call(new Workbench.NestAsked("x")).text());
            worker.function("tell", call -> {
                parent.join().notify(new Workbench.Step(1));
                return "told";
            });
        }
    }

    private ProcessDispatcher.Builder builder() {
        return ProcessDispatcher.builder(Bell.class).workers(1).closeLimit(CLOSE_LIMIT);
    }

    private Workbench.Echoed close() {
        made.join().close();
        returned.complete(true);
        return new Workbench.Echoed("closed", 1);
    }

    private void closesWhenCalled(Dispatcher dispatcher, String function) throws Exception {
        made.complete(dispatcher);
        dispatcher.call(function, String.class);

        assertTrue(returned.get(20, TimeUnit.SECONDS));
        dispatcher.close();
        assertEquals(List.of(), dispatcher.workers());
    }

    @Test
    void aHandlerOfRequestsClosesAndGoesOn() throws Exception {
        closesWhenCalled(
                builder().onRequest(Workbench.NestAsked.class, asked -> close()).build(), "ask");
    }

    @Test
    void aHandlerOfNotificationsClosesAndGoesOn() throws Exception {
        closesWhenCalled(
                builder().onMessage(Workbench.Step.class, step -> close()).build(), "tell");
    }
}
