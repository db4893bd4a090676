package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.session.CallOptions;
import dev.streamipc.session.Progress;
import dev.streamipc.session.ProgressPublisher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Progress of a task that is begun on one worker after the other. */
@Timeout(60)
class AttemptProgressTest {

    /** Tells two steps; the first worker then dies. */
    public static final class Dying implements WorkerProgram {

        @Override
        public void setUp(WorkerSetup worker) {
            worker.messages(Workbench.Step.class);
            worker.function("die-once", (call, context) -> {
                for (int step = 1; step <= 2; step++) {
                    context.progress(new Workbench.Step(10 * context.attempt() + step));
                }
                if (context.attempt() == 1) {
                    Runtime.getRuntime().halt(3);
                }
                return "attempt=" + context.attempt();
            });
        }
    }

    private final List<Integer> steps = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<String> end = new CompletableFuture<>();

    private final class Listener implements Flow.Subscriber<Progress<Workbench.Step>> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Progress<Workbench.Step> update) {
            steps.add(update.message().number());
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(failure.toString());
        }

        @Override
        public void onComplete() {
            end.complete("complete");
        }
    }

    @Test
    void aPublisherHearsAllAttemptsInOrderAndOneEnd() throws Exception {
        try (Dispatcher pool = ProcessDispatcher.builder(Dying.class)
                .messages(Workbench.Step.class)
                .workers(2)
                .build()) {
            ProgressPublisher<Workbench.Step> publisher = new ProgressPublisher<>(Workbench.Step.class);
            publisher.subscribe(new Listener());
            TaskOptions options =
                    TaskOptions.of(CallOptions.DEFAULT.progressTo(publisher)).idempotent(2);

            assertEquals(
                    "attempt=2", pool.call("die-once", String.class, options).get(30, TimeUnit.SECONDS));

            assertEquals("complete", end.get(10, TimeUnit.SECONDS));
            List<Integer> ofSecond = steps.stream().filter(step -> step > 20).toList();
            assertEquals(List.of(21, 22), ofSecond);
            assertEquals(steps.stream().sorted().toList(), steps);
        }
    }
}
