package dev.streamipc.process;

import dev.streamipc.channel.SharedMemoryChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What to run as a child process: a main class, a Python script, or any command. Immutable; each method that sets
 * something returns a copy. Nothing is looked up before the start, but by {@link #memoryLimit}, and no shell is ever
 * involved. All words reach the child as they are; one with a NUL character is refused.
 */
public final class Child {

    private static final int MAX_NAME_CHARS = 100;
    private static final Duration MAX_START_LIMIT = Duration.ofDays(1);

    /**
     * What a child is made of.
     *
     * @param directory null for this JVM's own
     * @param startLimit null for the default of whoever starts it
     */
    record Spec(
            Program program,
            List<String> arguments,
            EnvironmentPlan environment,
            @Nullable Path directory,
            String name,
            @Nullable Duration startLimit,
            Route channel) {

        Spec {
            arguments = WordEncoding.withoutNul("argument", arguments);
        }

        Path workingDirectory() {
            return directory != null ? directory : Path.of("").toAbsolutePath();
        }

        private Spec program(Program other) {
            return new Spec(other, arguments, environment, directory, name, startLimit, channel);
        }

        private Spec arguments(List<String> others) {
            return new Spec(program, others, environment, directory, name, startLimit, channel);
        }

        private Spec environment(EnvironmentPlan other) {
            return new Spec(program, arguments, other, directory, name, startLimit, channel);
        }

        private Spec directory(Path other) {
            return new Spec(program, arguments, environment, other, name, startLimit, channel);
        }

        private Spec name(String other) {
            return new Spec(program, arguments, environment, directory, other, startLimit, channel);
        }

        private Spec channel(Route other) {
            return new Spec(program, arguments, environment, directory, name, startLimit, other);
        }

        private Spec startLimit(Duration other) {
            return new Spec(program, arguments, environment, directory, name, other, channel);
        }
    }

    private final Spec spec;

    private Child(Spec spec) {
        this.spec = spec;
    }

    /**
     * Returns a child that runs a main class in a JVM of its own: the same JDK and the same class path (and module
     * path, if the class is in a named module), the serial collector, VM output on stderr, UTF-8 throughout.
     *
     * @param main has a {@code main} method and is on the class path or module path of this JVM
     * @return the child, named after the class
     */
    public static Child java(Class<?> main) {
        return of(new Program.Java(main, List.of(), null));
    }

    /**
     * Returns a child that runs a Python script.
     *
     * @param script its path; a relative one counts from the child's directory
     * @return the child, as {@link #python(Path)} makes it
     */
    public static Child python(String script) {
        return python(Path.of(script));
    }

    /**
     * Returns a child that runs a Python script under Python 3.8 or later. The {@code streamipc} package is importable
     * there without being installed. The interpreter is the first that works of: {@link #interpreter(Path)} (nothing
     * else is tried then), {@code $VIRTUAL_ENV}, {@code $CONDA_PREFIX}, {@code python3} on the PATH, {@code python} on
     * the PATH, all as this JVM sees them; but if the child is given one of the two variables, those that it is given
     * count in place of this JVM's. A candidate is run once, with this JVM's environment and in its directory, to ask for
     * its version and its real path: a script that chooses one, as pyenv and asdf put on the PATH, is not run again.
     *
     * @param script its path; a relative one counts from the child's directory
     * @return the child, named after the script
     */
    public static Child python(Path script) {
        return of(new Program.Python(script, null, null));
    }

    /**
     * Returns a child that runs a command.
     *
     * @param words the executable, found on this JVM's PATH if it has no slash, and its arguments, passed as they are
     * @return the child, named after the executable
     * @throws IllegalArgumentException if there is no executable, or a word contains NUL
     */
    public static Child command(String... words) {
        return command(List.of(words));
    }

    /**
     * Returns a child that runs a command.
     *
     * @param words the executable, found on this JVM's PATH if it has no slash, and its arguments, passed as they are
     * @return the child, named after the executable
     * @throws IllegalArgumentException if there is no executable, or a word contains NUL
     */
    public static Child command(List<String> words) {
        return of(new Program.Command(words, null));
    }

    private static Child of(Program program) {
        String name = printable(program.defaultName());
        return new Child(new Spec(program, List.of(), EnvironmentPlan.INHERIT_ALL, null, name, null, Route.STDIO));
    }

    private static String printable(String name) {
        String plain = name.replaceAll("\\p{Cntrl}", "?");
        return plain.isEmpty() ? "child" : plain.substring(0, Math.min(plain.length(), MAX_NAME_CHARS));
    }

    /**
     * Returns a copy with more arguments, behind those that it has.
     *
     * @param more passed as they are; Linux takes 128 KiB less one byte each, and some 2 MiB together with the environment
     * @return the copy
     * @throws IllegalArgumentException if one contains NUL; it is not shown
     */
    public Child arguments(String... more) {
        return new Child(spec.arguments(joined(spec.arguments, List.of(more))));
    }

    /**
     * Returns a copy with more JVM options, behind those that it has and behind our own, so that they win. A garbage
     * collector chosen here replaces ours.
     *
     * @param more such as {@code -Xss1m}
     * @return the copy
     * @throws IllegalStateException if this is not a Java child
     * @throws IllegalArgumentException if one contains NUL, or limits the heap where there is a {@link #memoryLimit}
     */
    public Child jvmOptions(String... more) {
        if (!(spec.program instanceof Program.Java java)) {
            throw new IllegalStateException("JVM options need a Java child, child=" + this);
        }
        List<String> options = joined(java.jvmOptions(), List.of(more));
        return new Child(spec.program(new Program.Java(java.main(), options, java.limit(), java.archives())));
    }

    /**
     * Returns a copy that starts faster from the second time on, by a class archive in {@code $XDG_CACHE_HOME/stream-ipc},
     * else {@code ~/.cache/stream-ipc}.
     *
     * @return the copy, as {@link #classArchive(Path)} makes it
     * @throws IllegalStateException if this is not a Java child
     */
    public Child classArchive() {
        return classArchive(ArchiveFolder.usual());
    }

    /**
     * Returns a copy that starts faster from the second time on: its JVM is given its classes ready to use, in an archive
     * (CDS), which takes a third of the time off, or more. One is made in the background when there is none for this main class, class
     * path and JDK: the JVM of one child notes which classes it loads until 2 s after it is ready, and a JVM of its own, at
     * the lowest priority, puts them into the archive, in a second or two; it runs none of their code. That is given up when this JVM ends.
     *
     * <p>No start waits for it, and its absence costs time alone. There is none, and a line at DEBUG says why, if a
     * folder is on the class path, the main class is in a named module, this JVM is not HotSpot, or the JVM options have to do with
     * archives, agents, the class path, a heap of more than 31 GiB or a collector other than Serial, Parallel and G1.
     *
     * <p>An archive is used if its length and checksum are right and no jar has changed, else it is made anew. Programs share
     * the folder; 16 archives of some 15 MB are kept, 512 MiB at most, those that were used last.
     *
     * @param folder made with mode 0700 if it is not there; not used, with a line at WARN, if others could write to it or own
     *     it. Who can rename it must be trusted, too. A relative one counts from this JVM's directory
     * @return the copy
     * @throws IllegalStateException if this is not a Java child
     */
    public Child classArchive(Path folder) {
        if (!(spec.program instanceof Program.Java java)) {
            throw new IllegalStateException("a class archive needs a Java child, child=" + this);
        }
        Path place = folder.toAbsolutePath().normalize();
        return new Child(spec.program(new Program.Java(java.main(), java.jvmOptions(), java.limit(), place)));
    }

    /**
     * Returns a copy that runs under this interpreter and no other.
     *
     * @param python the executable; it must still be Python 3.8 or later
     * @return the copy
     * @throws IllegalStateException if this is not a Python child
     */
    public Child interpreter(Path python) {
        if (!(spec.program instanceof Program.Python script)) {
            throw new IllegalStateException("an interpreter needs a Python child, child=" + this);
        }
        return new Child(spec.program(new Program.Python(script.script(), python, script.limit())));
    }

    /**
     * Returns a copy with a variable set on top of what is inherited.
     *
     * @param name not empty, without {@code =}
     * @param value never shown by {@link #toString()} or in an error
     * @return the copy
     * @throws IllegalArgumentException if the name is not a name or the value contains NUL
     */
    public Child environment(String name, String value) {
        return new Child(spec.environment(spec.environment.with(name, value)));
    }

    /**
     * Returns a copy without these variables, inherited or set so far.
     *
     * @param names of variables; one that does not exist is no error
     * @return the copy
     */
    public Child withoutEnvironment(String... names) {
        return new Child(spec.environment(spec.environment.without(Set.copyOf(List.of(names)))));
    }

    /**
     * Returns a copy that inherits these variables and no other.
     *
     * @param names of variables; none at all for an empty environment
     * @return the copy; what {@link #environment(String, String)} sets comes on top
     */
    public Child inheritOnly(String... names) {
        return new Child(spec.environment(spec.environment.inheritingOnly(Set.copyOf(List.of(names)))));
    }

    /**
     * Returns a copy that runs in a directory.
     *
     * @param directory must exist when the child starts; a relative one counts from this JVM's own
     * @return the copy
     */
    public Child directory(Path directory) {
        return new Child(spec.directory(directory.toAbsolutePath().normalize()));
    }

    /**
     * Returns a copy that may take this much memory and no more, so that a child that leaks harms nobody else.
     *
     * <p>Of a Java child it is the limit of its heap, {@code -Xmx}; what the JVM needs besides, its threads and direct
     * buffers, comes on top. When the heap is full, the JVM ends ({@code -XX:+ExitOnOutOfMemoryError}), and its exit
     * report says why; with {@code jvmOptions("-XX:-ExitOnOutOfMemoryError")} the call that found it full fails instead,
     * and the child goes on as best it can.
     *
     * <p>Of a Python script or a command it is the limit of the address space ({@code RLIMIT_AS}), set by {@code prlimit
     * --as=bytes}, which then becomes the child. Address space is more than what is used: a thread reserves 8 MiB for
     * its stack. What does not fit is refused to the child: a script gets a {@code MemoryError}, which fails the call
     * that asked. Each process that the child starts has the same limit, for itself. A JVM needs gigabytes of address
     * space: limit it as a Java child, or by an {@code -Xmx} of the command's own.
     *
     * @param bytes at least 8 MiB; rounded up to what the JVM or the system counts in; takes the place of an earlier
     *     limit
     * @return the copy
     * @throws IllegalArgumentException if it is too small, or the JVM options limit the heap already
     * @throws UnsupportedOperationException if this is no Java child and there is no {@code prlimit} on this JVM's PATH
     */
    public Child memoryLimit(long bytes) {
        return new Child(spec.program(spec.program.limitedTo(bytes)));
    }

    /**
     * Returns a copy with a start limit of its own, for a child that takes long until it answers, say because it loads a
     * model. A child without one has that of the peer that spawns it.
     *
     * @param limit for HELLO and READY; more than zero, at most 24 hours
     * @return the copy
     * @throws IllegalArgumentException if it is out of range
     */
    public Child startLimit(Duration limit) {
        if (limit.isNegative() || limit.isZero() || limit.compareTo(MAX_START_LIMIT) > 0) {
            throw new IllegalArgumentException("duration out of range: startLimitMs="
                    + TimeUnit.MILLISECONDS.convert(limit) + "; give more than zero and at most a day");
        }
        return new Child(spec.startLimit(limit));
    }

    /**
     * Returns a copy that talks over another channel. The child's program is the same: {@code createStdioSession}, and Python's
     * {@code Session.stdio}, find out which channel their parent wants.
     *
     * @param channel what carries the bytes; {@link ChildChannel#STDIO} unless this is called
     * @return the copy
     */
    public Child over(ChildChannel channel) {
        return new Child(spec.channel(Route.of(channel)));
    }

    /**
     * Returns a copy that talks over memory that it shares with this process, which answers in less than a
     * microsecond while both sides are busy. Each side then looks for 50 us whether something has come before it sleeps. No
     * start falls back to another channel: where there can be no such memory, it fails.
     *
     * @return the copy, as {@link #sharedMemory(int)} makes it, with {@link SharedMemoryChannel#DEFAULT_RING_BYTES}
     */
    public Child sharedMemory() {
        return over(ChildChannel.SHARED_MEMORY);
    }

    /**
     * Returns a copy that talks over shared memory of a size, as {@link #sharedMemory()} says.
     *
     * @param ringBytes how much each direction holds: a power of two from 4 KiB to 64 MiB; taken at the start, twice
     * @return the copy
     * @throws IllegalArgumentException if the size is no such number
     */
    public Child sharedMemory(int ringBytes) {
        SharedMemoryChannel.requireRingBytes(ringBytes);
        return new Child(spec.channel(new Route(ChildChannel.SHARED_MEMORY, ringBytes)));
    }

    /**
     * Returns a copy with another name, which its threads, its logger {@code dev.streamipc.child.<name>} and its errors
     * carry.
     *
     * @param name 1 to 100 characters, none of them a control character
     * @return the copy
     * @throws IllegalArgumentException if it is not such a name
     */
    public Child name(String name) {
        if (name.isEmpty() || !name.equals(printable(name))) {
            throw new IllegalArgumentException(
                    "child name is empty, longer than 100 characters or has a control character, name=" + name);
        }
        return new Child(spec.name(name));
    }

    Spec spec() {
        return spec;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Child child && spec.equals(child.spec);
    }

    @Override
    public int hashCode() {
        return spec.hashCode();
    }

    /** Returns the command and its settings; of the environment the names alone. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Child[name=").append(spec.name);
        text.append(", program=").append(spec.program).append(", arguments=").append(spec.arguments);
        text.append(", environment=")
                .append(new TreeSet<>(spec.environment.added().keySet()));
        text.append(", directory=").append(spec.workingDirectory());
        text.append(spec.channel.isStdio() ? "" : ", channel=" + spec.channel);
        text.append(spec.startLimit == null ? "" : ", startLimitMs=" + spec.startLimit.toMillis());
        return text.append(']').toString();
    }

    private static List<String> joined(List<String> some, List<String> more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }
}
