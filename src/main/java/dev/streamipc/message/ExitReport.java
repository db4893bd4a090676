package dev.streamipc.message;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * How a child process ended, as far as it can be told.
 *
 * @param pid its process id
 * @param exitCode what the operating system says; empty if the process has closed its stream but lives
 * @param signal the name of the signal, <em>inferred</em> from an exit code over 128: a program may exit with 137 by itself
 * @param guess a reasoned guess in words: killed, out of memory, {@code System.exit}, a crash with its log; may be empty
 * @param uptime from the spawn to the exit
 * @param messagesServed how many requests it had answered
 * @param callsInFlight how many calls were open
 * @param onlyCall the call that was open, if it was the only one: the first to look at
 * @param lastStderr its last lines on stderr, oldest first; at most 100 lines of at most 4 KiB
 */
public record ExitReport(
        long pid,
        OptionalInt exitCode,
        Optional<String> signal,
        String guess,
        Duration uptime,
        long messagesServed,
        int callsInFlight,
        Optional<CallInFlight> onlyCall,
        List<String> lastStderr) {

    /** Says nothing of what went wrong: a frame of a stack, or how every JVM that can't start takes its leave. */
    private static final Pattern VOID =
            Pattern.compile("\\s+(at |\\.\\.\\. \\d+ ).*|Error: (Could not create the Java|A fatal exception has) .*");

    /** Copies the lines. */
    public ExitReport {
        lastStderr = List.copyOf(lastStderr);
    }

    /**
     * Returns the report in one line, with the last line of stderr that is no frame of a stack.
     *
     * @return facts as {@code name=value} with units
     */
    public String summary() {
        StringBuilder text = new StringBuilder("pid=").append(pid);
        exitCode.ifPresent(code -> text.append(", exitCode=").append(code));
        signal.ifPresent(name -> text.append(", signal=").append(name));
        text.append(guess.isEmpty() ? "" : ", guess=" + guess);
        text.append(", uptimeMs=").append(uptime.toMillis());
        text.append(", messagesServed=").append(messagesServed);
        text.append(", callsInFlight=").append(callsInFlight);
        onlyCall.ifPresent(call -> text.append(", call=" + call.idText() + ", type=" + call.type()));
        lastWords().ifPresent(line -> text.append(", lastStderr=").append(line));
        return text.toString();
    }

    private Optional<String> lastWords() {
        return lastStderr.stream()
                .filter(line -> !VOID.matcher(line).matches())
                .reduce((earlier, later) -> later)
                .or(() -> lastStderr.stream().findFirst());
    }
}
