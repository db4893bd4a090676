package dev.streamipc.dispatch;

import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;

/** The program of a JVM worker: runs the {@link WorkerProgram} that the dispatcher names. Not for use by hand. */
public final class WorkerMain {

    private WorkerMain() {}

    /**
     * Runs until the dispatcher ends this worker.
     *
     * @param arguments the name of the class
     * @throws Exception if the class is no such program, or can't be set up: the start has failed, and its stderr says why
     */
    public static void main(String[] arguments) throws Exception {
        WorkerSetup setup = new WorkerSetup();
        WorkerProgram program = Class.forName(arguments[0])
                .asSubclass(WorkerProgram.class)
                .getConstructor()
                .newInstance();
        program.setUp(setup);
        try (IpcPeer peer = setup.peer().build()) {
            IpcSession session = peer.createStdioSession();
            setup.register(session);
            session.serve();
        }
    }
}
