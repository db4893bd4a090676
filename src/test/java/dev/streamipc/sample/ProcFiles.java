package dev.streamipc.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What Linux says of a process in {@code /proc}. */
final class ProcFiles {

    private static final Path PROC = Path.of("/proc");

    private ProcFiles() {}

    static boolean isThere() {
        return Files.isDirectory(PROC.resolve("self/fdinfo"));
    }

    /** Returns how far the process has come in a file that it has open, -1 if it has not opened it. */
    static long position(long pid, Path file) throws IOException {
        try (Stream<Path> open = Files.list(PROC.resolve(pid + "/fd"))) {
            for (Path descriptor : (Iterable<Path>) open::iterator) {
                if (isLinkTo(descriptor, file)) {
                    return position(PROC.resolve(pid + "/fdinfo").resolve(descriptor.getFileName()));
                }
            }
        } catch (NoSuchFileException gone) {
            return -1;
        }
        return -1;
    }

    private static boolean isLinkTo(Path descriptor, Path file) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).equals(file);
        } catch (NoSuchFileException closed) {
            return false;
        }
    }

    private static long position(Path descriptorInfo) throws IOException {
        String first = Files.readAllLines(descriptorInfo).get(0);
        return Long.parseLong(first.substring("pos:".length()).strip());
    }

    static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        String pid = Long.toString(process.pid());
        int status =
                new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().waitFor();
        if (status != 0) {
            throw new AssertionError("not signalled: signal=" + name + ", pid=" + pid);
        }
    }

    /** Returns which of the processes run; a zombie does not. */
    static List<ProcessHandle> alive(List<ProcessHandle> processes) {
        return processes.stream().filter(process -> isAlive(process.pid())).toList();
    }

    private static boolean isAlive(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException gone) {
            return false;
        }
    }
}
