package dev.streamipc.process;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Names for the exit codes over 128, by which the JDK and shells show that a signal ended a process. */
final class Signals {

    private static final int BASE = 128;
    private static final String SYSTEM = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);

    /** The same numbers everywhere (POSIX, kill). */
    private static final Map<Integer, String> COMMON = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"),
            Map.entry(24, "SIGXCPU"),
            Map.entry(25, "SIGXFSZ"));

    private static final Map<Integer, String> LINUX = Map.of(7, "SIGBUS", 10, "SIGUSR1", 12, "SIGUSR2", 31, "SIGSYS");

    private static final Map<Integer, String> MAC = Map.of(10, "SIGBUS", 12, "SIGSYS", 30, "SIGUSR1", 31, "SIGUSR2");

    private Signals() {}

    static Optional<String> inferred(int exitCode) {
        return inferred(exitCode, SYSTEM);
    }

    static Optional<String> inferred(int exitCode, String system) {
        if (system.startsWith("windows")) {
            return Optional.empty();
        }
        Map<Integer, String> own = system.startsWith("mac") ? MAC : LINUX;
        int number = exitCode - BASE;
        return Optional.ofNullable(COMMON.getOrDefault(number, own.get(number)));
    }
}
