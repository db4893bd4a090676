package dev.streamipc.process;

import java.io.IOException;

/** Turns a prepared builder into a running process. The default is {@link ProcessBuilder#start()}. */
@FunctionalInterface
public interface Launch {

    /**
     * Starts the process. Runs on the thread that starts the child; may block.
     *
     * @param builder has its words, environment and directory; stdin, stdout and stderr are pipes
     * @return the running process
     * @throws IOException if the operating system refuses; becomes {@code StartFailed}
     */
    Process start(ProcessBuilder builder) throws IOException;
}
