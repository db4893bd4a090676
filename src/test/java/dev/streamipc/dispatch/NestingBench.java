package dev.streamipc.dispatch;

import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcSession;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** A workbench in a process, with a task that asks back. */
public final class NestingBench implements WorkerProgram {

    @Override
    public void setUp(WorkerSetup worker) {
        new Workbench().setUp(worker);
        AtomicReference<IpcSession> parent = new AtomicReference<>();
        worker.messages(Workbench.NestAsked.class);
        worker.withSession(parent::set);
        worker.onRequest(
                Workbench.Nest.class,
                nest -> parent.get()
                        .call(new Workbench.NestAsked(nest.text()), CallOptions.deadline(Duration.ofSeconds(30))));
    }
}
