package dev.streamipc.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs one candidate and asks for its version and its real path: what stands on the PATH may be a script that costs 90
 * ms a start.
 *
 * @param limit how long a candidate may take
 */
record InterpreterProbe(Duration limit) {

    private static final int MAX_ANSWER_BYTES = 4_096;
    private static final int MAX_REASON_CHARS = 200;
    /** One more millisecond before each: 45 ms for a candidate that is no Python. */
    private static final int LOOKS = 10;

    private static final int OLDEST_MINOR = 8;
    private static final String QUESTION = "import sys; sys.stdout.write('\\nstreamipc-probe %d.%d.%d %s\\n'"
            + " % (tuple(sys.version_info[:3]) + (sys.executable,)))";
    private static final Pattern ANSWER =
            Pattern.compile("^streamipc-probe (\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4}) (.*?)\\r?$", Pattern.MULTILINE);

    /**
     * What a candidate turned out to be.
     *
     * @param executable the path to launch, null if it is of no use
     * @param reason why it is of no use, else its version
     */
    record Verdict(@Nullable Path executable, String reason) {}

    Verdict ask(Path candidate) throws InterruptedException {
        try {
            return ask(new ProcessBuilder(candidate.toString(), "-E", "-S", "-c", QUESTION)
                    .redirectErrorStream(true)
                    .start());
        } catch (IOException e) {
            return refused(String.valueOf(e.getMessage()));
        }
    }

    Verdict ask(Process process) throws IOException, InterruptedException {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return refused("no answer, waitedMs=" + limit.toMillis());
            }
            return judge(process.exitValue(), answer(process));
        } finally {
            kill(process);
        }
    }

    /**
     * Takes what is there and never waits for the end: a grandchild may hold the pipe open. While the JDK collects what an
     * ended process has left, its stream looks empty or closed for a moment, so that one look is not enough.
     */
    private static String answer(Process process) throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String text = "";
        for (int look = 0; look < LOOKS && !ANSWER.matcher(text).find(); look++) {
            TimeUnit.MILLISECONDS.sleep(look);
            try {
                InputStream in = process.getInputStream();
                bytes.writeBytes(in.readNBytes(Math.min(in.available(), MAX_ANSWER_BYTES - bytes.size())));
            } catch (IOException e) {
                // Just being collected: the next look finds it.
            }
            text = bytes.toString(StandardCharsets.UTF_8);
        }
        return text;
    }

    private static Verdict judge(int exitCode, String text) {
        Matcher answer = ANSWER.matcher(text);
        if (exitCode != 0 || !answer.find()) {
            return refused("not Python, exitCode=" + exitCode + ", output=" + firstLine(text));
        }
        int major = Integer.parseInt(answer.group(1));
        int minor = Integer.parseInt(answer.group(2));
        String version = major + "." + minor + "." + answer.group(3);
        if (major != 3 || minor < OLDEST_MINOR) {
            return refused("version " + version + " is not 3.8 or later");
        }
        return accepted(answer.group(4), version);
    }

    private static Verdict accepted(String executable, String version) {
        try {
            if (!executable.isEmpty() && Files.isExecutable(Path.of(executable))) {
                return new Verdict(Path.of(executable), version);
            }
        } catch (InvalidPathException e) {
            return refused("sys.executable is not a path: " + e.getMessage());
        }
        return refused("sys.executable can't be run, path=" + executable);
    }

    private static Verdict refused(String reason) {
        return new Verdict(null, reason);
    }

    private static String firstLine(String text) {
        String line = text.strip().lines().findFirst().orElse("(none)");
        return line.substring(0, Math.min(line.length(), MAX_REASON_CHARS));
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
