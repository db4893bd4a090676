package dev.streamipc.dispatch;

/**
 * What the workers of a {@link ProcessDispatcher} on JVMs, or of a {@link ThreadDispatcher}, do. For processes it is a class of the
 * user's, public with a public constructor without parameters, of which each worker makes one; it runs on the same class path as
 * the dispatcher.
 */
@FunctionalInterface
public interface WorkerProgram {

    /**
     * Registers functions and handlers; called once, in the worker, before it takes tasks. They run one at a time, on the one
     * thread of the worker.
     *
     * @param worker takes them
     * @throws Exception anything; the start of the worker has failed then
     */
    void setUp(WorkerSetup worker) throws Exception;
}
