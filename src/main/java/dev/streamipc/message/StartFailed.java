package dev.streamipc.message;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A child could not be started, or the two sides did not agree on how to talk. Nothing was executed. */
public final class StartFailed extends IpcFailure {

    private static final long serialVersionUID = 1L;
    private static final int MAX_COMMAND_CHARS = 10_000;

    private final transient List<String> command;
    private final transient @Nullable ExitReport report;

    /**
     * Makes the failure.
     *
     * @param why what failed and the next step
     * @param command the command tried, empty where this side started nothing
     * @param report how the process ended, without exit code if it lived; null if it never ran or is unknown
     * @param cause what the operating system or the JDK said, null if nothing
     */
    public StartFailed(String why, List<String> command, @Nullable ExitReport report, @Nullable Throwable cause) {
        super(text(why, command, report), Certainty.NOT_EXECUTED, cause);
        this.command = List.copyOf(command);
        this.report = report;
    }

    private static String text(String why, List<String> command, @Nullable ExitReport report) {
        String tried = command.isEmpty() ? "" : ", command=" + shown(command);
        return "start failed: " + why + tried + (report == null ? "" : ", " + report.summary());
    }

    /** A word may be as long as the system takes; {@link #command()} has all of it. */
    private static String shown(List<String> command) {
        String text = command.toString();
        return text.length() <= MAX_COMMAND_CHARS
                ? text
                : text.substring(0, MAX_COMMAND_CHARS) + " ... (cut, chars=" + text.length() + ")";
    }

    /**
     * Returns the command that was tried.
     *
     * @return its words, empty where this side started nothing
     */
    public List<String> command() {
        return command;
    }

    /**
     * Returns how the process ended.
     *
     * @return the report, without exit code if the process lived; empty if it never ran or is unknown
     */
    public Optional<ExitReport> report() {
        return Optional.ofNullable(report);
    }
}
