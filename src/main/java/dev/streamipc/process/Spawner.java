package dev.streamipc.process;

import dev.streamipc.message.StartFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns what to run into a running process, or says why not. */
final class Spawner {

    /** Every system takes this much, Windows no more. */
    private static final long LARGE_BYTES = 32 << 10;

    /**
     * A running process.
     *
     * @param place in the gate, held until the child is ready
     */
    record Spawned(Process process, List<String> command, Path directory, Needs needs, StartGate.Place place) {

        /** Begins what goes on beside the start. */
        void attend() {
            needs.archive.started(process);
        }

        /** Gives back what only the start needs; the second time does nothing. */
        void settle() {
            place.leave();
            needs.deleteFile();
            needs.archive.settled(process);
        }
    }

    /**
     * What a start has besides its words.
     *
     * @param argFile a temporary file that the child reads while it starts, null if none
     */
    record Needs(@Nullable Path argFile, ClassArchive archive) {
        private static final Needs NOTHING = new Needs(null, ClassArchive.NONE);

        private void deleteFile() {
            if (argFile != null) {
                TempFiles.delete(argFile);
            }
        }

        private void abandon() {
            deleteFile();
            archive.abandon();
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
        // a child over stdio must not take a variable that its parent got from its own parent for its own
        builder.environment().remove(Invitation.VARIABLE);
        if (!spec.channel().isStdio()) {
            builder.environment()
                    .put(Invitation.VARIABLE, spec.channel().channel().word());
        }
        Needs needs = fill(builder, spec, directory);
        try {
            return start(builder, spec, launch, needs);
        } catch (RuntimeException | Error e) {
            needs.abandon();
            throw e;
        }
    }

    /** Sets the words; returns what they need. */
    private static Needs fill(ProcessBuilder builder, Child.Spec spec, Path directory) {
        if (spec.program() instanceof Program.Java java) {
            JavaCommand command = JavaCommand.of(java, spec.arguments(), builder.environment());
            ClassArchive archive = ClassArchive.of(java, builder.environment());
            builder.command(command.with(archive.words()).words());
            return new Needs(command.argFile(), archive);
        }
        if (spec.program() instanceof Program.Python python) {
            List<String> words = PythonCommand.of(python, spec, directory);
            builder.command(limited(words, python.limit(), directory));
            PythonCommand.addHelper(builder.environment());
        } else if (spec.program() instanceof Program.Command command) {
            List<String> words = new ArrayList<>(command.words());
            words.addAll(spec.arguments());
            builder.command(limited(words, command.limit(), directory));
        }
        return Needs.NOTHING;
    }

    /** What sets the limit would start in any case, so the executable is looked for here, to say at once what it lacks. */
    private static List<String> limited(List<String> words, @Nullable MemoryLimit limit, Path directory) {
        if (limit == null) {
            return words;
        }
        List<String> all = new ArrayList<>(limit.prefix());
        all.add(Executable.found(words.get(0), directory));
        all.addAll(words.subList(1, words.size()));
        return all;
    }

    private static Spawned start(ProcessBuilder builder, Child.Spec spec, Launch launch, Needs needs) {
        List<String> command = List.copyOf(builder.command());
        WordEncoding.check("an argument", command, command);
        WordEncoding.check("an environment value", spec.environment().added().values(), command);
        StartGate.Place place = StartGate.SHARED.enter(command);
        try {
            Process process = Descriptors.spend(command, () -> launch.start(builder));
            return new Spawned(process, command, spec.workingDirectory(), needs, place);
        } catch (IOException | RuntimeException e) {
            place.leave();
            throw e instanceof StartFailed failed ? failed : refused(e, builder, spec.workingDirectory());
        }
    }

    private static StartFailed refused(Exception cause, ProcessBuilder builder, Path directory) {
        List<String> command = List.copyOf(builder.command());
        String why = Executable.whyNot(command.get(0), directory, String.valueOf(cause.getMessage()));
        return new StartFailed(why + sizes(command, builder.environment()), command, null, cause);
    }

    /** The text of a system that finds a command too large does not say so in every language. */
    private static String sizes(List<String> command, Map<String, String> environment) {
        long commandBytes = command.stream().mapToLong(Spawner::bytes).sum();
        long environmentBytes = environment.entrySet().stream()
                .mapToLong(entry -> bytes(entry.getKey()) + bytes(entry.getValue()))
                .sum();
        if (commandBytes + environmentBytes < LARGE_BYTES) {
            return "";
        }
        return ", commandBytes=" + commandBytes + ", environmentBytes=" + environmentBytes
                + "; if that is more than the system takes, send it in a message";
    }

    private static long bytes(String text) {
        return text.getBytes(WordEncoding.CHARSET).length + 1L;
    }
}
