package dev.streamipc.sample.dispatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the system says of a process. */
final class ProcStatus {

    private static final int END_SECONDS = 20;

    private ProcStatus() {}

    static boolean isThere() {
        return Files.isReadable(Path.of("/proc/self/status"));
    }

    /** Returns the resident memory in MiB, from VmRSS of {@code /proc/<pid>/status}; 0 if it is gone. */
    static long residentMebibytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException gone) {
            return 0;
        }
    }

    /** Waits until a process is gone; returns whether it is. */
    static boolean awaitGone(long pid) throws InterruptedException {
        try {
            ProcessHandle process = ProcessHandle.of(pid).orElse(null);
            if (process != null) {
                process.onExit().get(END_SECONDS, TimeUnit.SECONDS);
            }
            return true;
        } catch (ExecutionException | TimeoutException late) {
            return false;
        }
    }
}
