package dev.streamipc.house;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How a program ended that a test ran to its end, and what it printed. */
record ProgramRun(int exitCode, String stdout, String stderr) {

    private static final int LIMIT_SECONDS = 30;

    /** Returns the words that run a class with the class path of the tests behind these folders. */
    static List<String> java(String mainClass, Path... folders) {
        StringBuilder classPath = new StringBuilder();
        for (Path folder : folders) {
            classPath.append(folder).append(File.pathSeparator);
        }
        classPath.append(System.getProperty("java.class.path"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath.toString(), mainClass);
    }

    /** Runs a program without input in a folder that takes its output. Past the limit it is killed and the test fails. */
    static ProgramRun of(Path folder, List<String> command) throws IOException, InterruptedException {
        Path stdout = Files.createTempFile(folder, "stdout", ".txt");
        Path stderr = Files.createTempFile(folder, "stderr", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile())
                .start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_SECONDS, SECONDS)) {
                throw new AssertionError("did not end: limitSeconds=" + LIMIT_SECONDS + ", command=" + command
                        + ", stderr=" + Files.readString(stderr));
            }
            return new ProgramRun(process.exitValue(), Files.readString(stdout), Files.readString(stderr));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
