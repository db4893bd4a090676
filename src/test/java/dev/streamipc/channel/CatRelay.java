package dev.streamipc.channel;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;

/** Starts real {@code cat} processes that carry bytes, and ends exactly those. */
final class CatRelay {

    private final List<Process> started = new ArrayList<>();

    Process start(String... command) throws IOException {
        Process process =
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        started.add(process);
        return process;
    }

    void end() throws InterruptedException {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }
}
