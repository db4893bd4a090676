package dev.streamipc.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Small child JVMs with the class path of this one. */
public final class Jvm {

    private Jvm() {}

    /** Runs the same with few file descriptors, so that they can be used up. */
    static ProcessBuilder withFewDescriptors(ProcessBuilder builder) {
        builder.command().addAll(0, List.of("sh", "-c", "ulimit -n 256 && exec \"$0\" \"$@\""));
        return builder;
    }

    /** A child with piped stdin and stdout; its stderr goes where ours goes, until the caller says otherwise. */
    public static ProcessBuilder of(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(Redirect.INHERIT);
    }

    /** Returns true if no such process runs; one that nobody has reaped yet is as dead as any. */
    static boolean isDead(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state == 'Z' || state == 'X';
        } catch (IOException e) {
            // no such file, or no such process if it went away between the open and the read
            return true;
        }
    }
}
