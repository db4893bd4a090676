package dev.streamipc.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reasons about why a child ended. It says what is known, and "or" where two causes look alike.
 *
 * @param directory where the child ran
 * @param started a crash log from before is that of another process, which had the same number
 * @param oomKillsAtStart the kernel's count when the child was started
 */
record ExitAnalysis(long pid, List<String> command, Path directory, Instant started, OptionalLong oomKillsAtStart) {

    /** What a file system may round the time of a file by. */
    private static final Duration FILE_TIME_STEP = Duration.ofSeconds(2);

    private static final int ABORTED = 134;
    private static final int KILLED = 137;
    private static final int SEGMENT = 139;
    private static final int TERMINATED = 143;

    /** Makes HotSpot exit with {@link #OUT_OF_MEMORY}, behind a line that begins with {@link #LAST_WORDS}. */
    static final String EXIT_WITHOUT_MEMORY = "-XX:+ExitOnOutOfMemoryError";

    private static final int OUT_OF_MEMORY = 3;
    private static final String LAST_WORDS = "Terminating due to java.lang.OutOfMemoryError: ";

    /** What Java, Python and C++ say of an error that nobody caught. */
    private static final Pattern LACK =
            Pattern.compile("\\b(java\\.lang\\.OutOfMemoryError|MemoryError|std::bad_alloc)\\b");

    /**
     * Returns the guess.
     *
     * @param ownSignal the last signal that this side sent, empty if none
     * @param lastLines on stderr
     */
    String guess(int exitCode, int callsInFlight, String ownSignal, List<String> lastLines) {
        if (!ownSignal.isEmpty()) {
            return "ended by this side with " + ownSignal;
        }
        if (exitCode == 0) {
            return callsInFlight > 0 ? "ended by itself with calls open" : "ended by itself";
        }
        if (exitCode == OUT_OF_MEMORY && command.contains(EXIT_WITHOUT_MEMORY)) {
            return outOfMemory(lastLines);
        }
        return crashLog()
                .map(log -> "the JVM crashed, log=" + log)
                .orElseGet(() -> withoutLog(exitCode) + lackOfMemory(lastLines));
    }

    private String outOfMemory(List<String> lastLines) {
        String why = last(lastLines, line -> line.startsWith(LAST_WORDS))
                .map(line -> "out of memory: " + line.substring(LAST_WORDS.length()))
                .orElse("out of memory (-XX:+ExitOnOutOfMemoryError), or by its own exit(3)");
        return why + limit();
    }

    private String lackOfMemory(List<String> lastLines) {
        return last(lastLines, line -> LACK.matcher(line).find())
                .map(line -> "; its stderr speaks of lack of memory: " + line + limit())
                .orElse("");
    }

    private String limit() {
        return last(command, word -> MemoryLimit.isHeapSet(word) || word.startsWith(MemoryLimit.ADDRESS_OPTION))
                .map(word -> ", limit=" + word)
                .orElse("");
    }

    private static Optional<String> last(List<String> texts, Predicate<String> wanted) {
        return texts.stream().filter(wanted).reduce((earlier, later) -> later);
    }

    private String withoutLog(int exitCode) {
        return switch (exitCode) {
            case KILLED -> killed(OutOfMemoryKills.count());
            case TERMINATED -> "asked to end from outside, or by its own exit(143)";
            case ABORTED -> "aborted: a failed check in native code, or abort()";
            case SEGMENT -> "segmentation fault in native code";
            default ->
                Signals.inferred(exitCode)
                        .map(signal -> "ended by " + signal + ", or by its own exit(" + exitCode + ")")
                        .orElse("exit(" + exitCode + "), by itself or for an uncaught error");
        };
    }

    String killed(OptionalLong now) {
        if (now.isPresent() && oomKillsAtStart.isPresent() && now.getAsLong() > oomKillsAtStart.getAsLong()) {
            return "killed for lack of memory, most likely: the kernel's oom_kill count rose by "
                    + (now.getAsLong() - oomKillsAtStart.getAsLong());
        }
        return "killed from outside" + (now.isPresent() ? "" : ", perhaps by the kernel for lack of memory");
    }

    /** HotSpot writes it where the child ran, or among the temporary files if it may not. */
    private Optional<Path> crashLog() {
        String name = "hs_err_pid" + pid + ".log";
        return Stream.of(directory, Path.of(System.getProperty("java.io.tmpdir")))
                .map(folder -> folder.resolve(name))
                .filter(this::isOfThisProcess)
                .findFirst();
    }

    private boolean isOfThisProcess(Path log) {
        try {
            return !Files.getLastModifiedTime(log).toInstant().isBefore(started.minus(FILE_TIME_STEP));
        } catch (IOException e) {
            // There is none.
            return false;
        }
    }
}
