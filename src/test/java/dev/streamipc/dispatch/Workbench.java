package dev.streamipc.dispatch;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A worker that does what a test asks of it. */
public final class Workbench implements WorkerProgram {

    /** Answers with a text. */
    public record Echo(String text) implements Request<Echoed> {}

    /** The answer, and who gave it. */
    public record Echoed(String text, long pid) implements Message {}

    /** Sleeps; hears no cancel if it is stubborn. */
    public record Sleep(long millis, boolean isStubborn) implements Request<Echoed> {}

    /** Ends the process. */
    public record Halt(int code) implements Request<Echoed> {}

    /** Throws. */
    public record Throw(String text) implements Request<Echoed> {}

    /** Tells of its progress, so often. */
    public record Steps(int count) implements Request<Echoed> {}

    /** One step of them. */
    public record Step(int number) implements Message {}

    /** Has the side of the dispatcher ask the dispatcher for an echo. */
    public record Nest(String text) implements Request<Echoed> {}

    /** What a worker that is a process asks the side of the dispatcher for. */
    public record NestAsked(String text) implements Request<Echoed> {}

    static final Class<?>[] TYPES = {
        Echo.class, Sleep.class, Halt.class, Throw.class, Steps.class, Step.class, Nest.class
    };

    @Override
    public void setUp(WorkerSetup worker) {
        worker.onRequest(Echo.class, echo -> answer(echo.text()));
        worker.onRequest(Sleep.class, (sleep, context) -> {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(sleep.millis());
            while (System.nanoTime() - end < 0) {
                if (!sleep.isStubborn()) {
                    context.cancellation().throwIfCancelled();
                }
                LockSupport.parkNanos(1_000_000);
            }
            return answer("slept");
        });
        worker.onRequest(Halt.class, halt -> {
            Runtime.getRuntime().halt(halt.code());
            return answer("never");
        });
        worker.onRequest(Throw.class, thrown -> {
            throw new IllegalStateException(thrown.text());
        });
        worker.messages(Step.class);
        worker.onRequest(Steps.class, (steps, context) -> {
            for (int number = 1; number <= steps.count(); number++) {
                context.progress(new Step(number));
            }
            return answer("stepped");
        });
        worker.function(
                "who",
                call -> ProcessHandle.current().pid() + "/"
                        + Thread.currentThread().getId());
        worker.function(
                "attempt",
                (call, context) -> context.attempt() + "/" + context.key().orElse("") + "/"
                        + (context.timeLeft().toSeconds() <= 30));
        worker.function("add", call -> call.at(0, int.class) + call.at(1, int.class));
    }

    private static Echoed answer(String text) {
        return new Echoed(text, ProcessHandle.current().pid());
    }
}
