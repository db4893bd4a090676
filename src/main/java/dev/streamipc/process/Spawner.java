package dev.streamipc.process;

import dev.streamipc.message.StartFailed;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what to run into a running process, or says why not. */
final class Spawner {

    /**
     * A running process.
     *
     * @param argFile a temporary file that it reads while it starts, null if none
     * @param place in the gate, held until the child is ready
     */
    record Spawned(
            Process process,
            List<String> command,
            Path directory,
            @Nullable Path argFile,
            StartGate.Place place) {

        /** Gives back what only the start needs; the second time does nothing. */
        void settle() {
            place.leave();
            if (argFile != null) {
                TempFiles.delete(argFile);
            }
        }
    }

    private Spawner() {}

    static Spawned spawn(Child.Spec spec, Launch launch) {
        Path directory = spec.workingDirectory();
        if (!Files.isDirectory(directory)) {
            throw new StartFailed("the working directory is no directory, tried=" + directory, List.of(), null, null);
        }
        Descriptors.requireHeadroom(List.of());
        ProcessBuilder builder = new ProcessBuilder().directory(directory.toFile());
        spec.environment().applyTo(builder.environment());
        Path argFile = fill(builder, spec, directory);
        try {
            return start(builder, spec, launch, argFile);
        } catch (StartFailed e) {
            if (argFile != null) {
                TempFiles.delete(argFile);
            }
            throw e;
        }
    }

    /** Sets the words; returns the temporary file that they name. */
    private static @Nullable Path fill(ProcessBuilder builder, Child.Spec spec, Path directory) {
        if (spec.program() instanceof Program.Java java) {
            JavaCommand command = JavaCommand.of(java, spec.arguments(), builder.environment());
            builder.command(command.words());
            return command.argFile();
        }
        if (spec.program() instanceof Program.Python python) {
            builder.command(PythonCommand.of(python, spec.arguments(), directory));
            PythonCommand.addHelper(builder.environment());
        } else if (spec.program() instanceof Program.Command command) {
            List<String> words = new ArrayList<>(command.words());
            words.addAll(spec.arguments());
            builder.command(words);
        }
        return null;
    }

    private static Spawned start(ProcessBuilder builder, Child.Spec spec, Launch launch, @Nullable Path argFile) {
        List<String> command = List.copyOf(builder.command());
        WordEncoding.check("an argument", command, command);
        WordEncoding.check("an environment value", spec.environment().added().values(), command);
        StartGate.Place place = StartGate.SHARED.enter(command);
        try {
            Descriptors.requireHeadroom(command);
            Process process = launch.start(builder);
            return new Spawned(process, command, spec.workingDirectory(), argFile, place);
        } catch (IOException | RuntimeException e) {
            place.leave();
            throw e instanceof StartFailed failed ? failed : refused(e, command, spec.workingDirectory());
        }
    }

    private static StartFailed refused(Exception cause, List<String> command, Path directory) {
        return new StartFailed(whyNot(command.get(0), directory, cause), command, null, cause);
    }

    /** The system's own text names neither the path that was tried nor which of two files was missing. */
    private static String whyNot(String executable, Path directory, Exception cause) {
        if (!executable.contains("/") && !executable.contains(File.separator)) {
            return "the executable could not be run, executable=" + executable + ", PATH=" + System.getenv("PATH")
                    + ", said=" + cause.getMessage();
        }
        Path tried = directory.resolve(executable);
        if (!Files.exists(tried)) {
            return "no such executable, tried=" + tried;
        }
        if (Files.isDirectory(tried)) {
            return "the executable is a directory, tried=" + tried;
        }
        if (!Files.isExecutable(tried)) {
            return "the executable may not be executed (no x bit), tried=" + tried;
        }
        return "the executable, or the interpreter in its first line, could not be run, tried=" + tried + ", said="
                + cause.getMessage();
    }
}
