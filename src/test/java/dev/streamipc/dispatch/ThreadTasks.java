package dev.streamipc.dispatch;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.session.RequestContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/** Tasks that bring their code along, which only workers that are threads can run. */
final class ThreadTasks {

    static final Duration AMPLE = Duration.ofSeconds(30);

    private ThreadTasks() {}

    /** What a task does. */
    @FunctionalInterface
    interface Body {

        Object run(RequestContext context) throws Exception;
    }

    /** Runs what it brings. */
    record Do(Body body) implements Request<Done> {}

    /** What came of it. */
    record Done(Object value) implements Message {}

    /** Nobody knows it. */
    record Unknown() implements Request<Done> {}

    static final WorkerProgram PROGRAM = worker ->
            worker.onRequest(Do.class, (task, context) -> new Done(task.body().run(context)));

    static ThreadDispatcher.Builder builder() {
        return ThreadDispatcher.builder(PROGRAM)
                .workers(1)
                .overflow(0)
                .grace(Duration.ofMillis(100))
                .closeLimit(Duration.ofMillis(50))
                .restarts(0, Duration.ofSeconds(10));
    }

    static CompletableFuture<Done> call(Dispatcher dispatcher, Body body) {
        return dispatcher.call(new Do(body));
    }

    static CompletableFuture<Done> call(Dispatcher dispatcher, TaskOptions options, Body body) {
        return dispatcher.call(new Do(body), options);
    }

    static Object get(CompletableFuture<Done> call) throws Exception {
        return call.get(30, TimeUnit.SECONDS).value();
    }

    static <T extends Throwable> T failureOf(Class<T> type, CompletableFuture<?> call) {
        ExecutionException failed =
                Assertions.assertThrows(ExecutionException.class, () -> call.get(30, TimeUnit.SECONDS));
        return Assertions.assertInstanceOf(type, failed.getCause());
    }
}
