package dev.streamipc.bench.peer;

import dev.streamipc.bench.side.Pin;
import dev.streamipc.bench.side.Timing;
import dev.streamipc.bench.side.Turns;
import java.util.Map;
import org.apposed.appose.Environment;
import org.apposed.appose.Service;

/** Appose with a Groovy worker: a script that returns its input, as its documentation starts tasks. */
public final class Appose {

    private Appose() {}

    /** Takes nothing. */
    public static void main(String[] words) throws Exception {
        Environment environment = org.apposed.appose.Appose.system();
        try (Service worker = environment.groovy()) {
            call(worker);
            ProcessHandle.current().children().forEach(child -> Pin.child(child.pid()));
            Turns.answerOne(() -> Timing.p50Micros(() -> call(worker)));
        }
        System.exit(0);
    }

    private static Object call(Service worker) throws Exception {
        Service.Task task = worker.task("number", Map.of("number", 1));
        task.waitFor();
        if (task.error != null && !task.error.isEmpty()) {
            throw new IllegalStateException("the task failed: " + task.error);
        }
        return task.result();
    }
}
