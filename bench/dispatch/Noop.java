import dev.streamipc.dispatch.WorkerProgram;
import dev.streamipc.dispatch.WorkerSetup;
import dev.streamipc.message.Message;
import dev.streamipc.message.MessageName;
import dev.streamipc.message.Request;

/** A worker that does as little as can be. */
public final class Noop implements WorkerProgram {

    /** Asks for its number. */
    @MessageName("Task")
    public record Task(int number) implements Request<Done> {}

    /** The number. */
    @MessageName("Done")
    public record Done(int number) implements Message {}

    /** Ends the process. */
    public record Crash() implements Request<Done> {}

    @Override
    public void setUp(WorkerSetup worker) {
        worker.onRequest(Task.class, task -> new Done(task.number()));
        worker.onRequest(Crash.class, crash -> {
            Runtime.getRuntime().halt(1);
            return new Done(0);
        });
    }
}
