package dev.streamipc.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the system tells of processes and descriptors, and the signals that it carries. */
final class Linux {

    private static final Path PROC = Path.of("/proc");

    private Linux() {}

    static void signal(String name, long pid) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .start()
                .waitFor();
        if (status != 0) {
            throw new AssertionError("not signalled: signal=" + name + ", pid=" + pid);
        }
    }

    /** Returns the letter of the state, {@code T} for stopped, {@code X} for a process that is no more. */
    static char state(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return 'X';
        }
    }

    /** A zombie is as dead as any. */
    static boolean lives(long pid) {
        char state = state(pid);
        return state != 'Z' && state != 'X';
    }

    /** Returns the live processes whose environment has this entry. */
    static Set<Long> processesWith(String entry) throws IOException {
        Set<Long> found = new TreeSet<>();
        try (Stream<Path> all = Files.list(PROC)) {
            for (Path process : (Iterable<Path>) all::iterator) {
                String name = process.getFileName().toString();
                if (name.matches("\\d+") && hasEntry(process, entry) && lives(Long.parseLong(name))) {
                    found.add(Long.parseLong(name));
                }
            }
        }
        return found;
    }

    private static boolean hasEntry(Path process, String entry) {
        try {
            String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            return List.of(environment.split("\0")).contains(entry);
        } catch (IOException goneOrForbidden) {
            return false;
        }
    }

    /** Returns what this process has open but for files that a JVM opens as it likes, such as jars and devices. */
    static List<String> open() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> open = Files.list(PROC.resolve("self/fd"))) {
            String looking = "/proc/" + ProcessHandle.current().pid() + "/fd";
            for (Path descriptor : (Iterable<Path>) open::iterator) {
                String target = target(descriptor);
                boolean telling = target.startsWith("/proc/") || target.contains("streamipc-") || isNoFile(target);
                // the lock on the folder for temporary files, which this JVM keeps to its end
                boolean kept = target.matches(".*/streamipc-temp-[0-9]+/owner");
                if (telling && !kept && !target.equals(looking)) {
                    found.add(target);
                }
            }
        }
        return found;
    }

    /** Returns the files with shared memory that this process has mapped, deleted ones as a rule. */
    static List<String> mapped() throws IOException {
        return Files.readAllLines(PROC.resolve("self/maps"), StandardCharsets.ISO_8859_1).stream()
                .filter(line -> line.contains("/streamipc-socket-"))
                .map(line -> line.substring(line.indexOf('/')))
                .toList();
    }

    /** A pipe, a socket, or something that has no name at all. */
    private static boolean isNoFile(String target) {
        return !target.isEmpty() && !target.startsWith("/");
    }

    /** Returns how many descriptors a process has open. */
    static int descriptors(long pid) throws IOException {
        try (Stream<Path> open = Files.list(PROC.resolve(pid + "/fd"))) {
            return (int) open.count();
        }
    }

    /** Sets the soft limit of a living process's descriptors, and returns what it was. */
    static String limitDescriptors(long pid, String soft) throws IOException, InterruptedException {
        String before = Files.readAllLines(PROC.resolve(pid + "/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .findFirst()
                .orElseThrow()
                .substring("Max open files".length())
                .strip()
                .split(" +")[0];
        int status = new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--nofile=" + soft + ":")
                .start()
                .waitFor();
        if (status != 0) {
            throw new AssertionError("not limited: pid=" + pid + ", soft=" + soft);
        }
        return before;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }
}
