package dev.streamipc.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What to run as a child process: a main class, a Python script, or any command. Immutable; each method that sets
 * something returns a copy. Nothing is looked up before the start, and no shell is ever involved.
 */
public final class Child {

    private static final int MAX_NAME_CHARS = 100;

    /**
     * What a child is made of.
     *
     * @param directory null for this JVM's own
     */
    record Spec(
            Program program,
            List<String> arguments,
            EnvironmentPlan environment,
            @Nullable Path directory,
            String name) {

        Spec {
            arguments = List.copyOf(arguments);
        }

        Path workingDirectory() {
            return directory != null ? directory : Path.of("").toAbsolutePath();
        }
    }

    private final Spec spec;

    private Child(Spec spec) {
        this.spec = spec;
    }

    /**
     * Returns a child that runs a main class in a JVM of its own: the same JDK and the same class path (and module
     * path, if the class is in a named module), a small serial heap, VM output on stderr, UTF-8 throughout.
     *
     * @param main has a {@code main} method and is on the class path or module path of this JVM
     * @return the child, named after the class
     */
    public static Child java(Class<?> main) {
        return of(new Program.Java(main, List.of()));
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
     * the PATH, all as this JVM sees them.
     *
     * @param script its path; a relative one counts from the child's directory
     * @return the child, named after the script
     */
    public static Child python(Path script) {
        return of(new Program.Python(script, null));
    }

    /**
     * Returns a child that runs a command.
     *
     * @param words the executable, found on this JVM's PATH if it has no slash, and its arguments, passed as they are
     * @return the child, named after the executable
     * @throws IllegalArgumentException if there is no executable
     */
    public static Child command(String... words) {
        return command(List.of(words));
    }

    /**
     * Returns a child that runs a command.
     *
     * @param words the executable, found on this JVM's PATH if it has no slash, and its arguments, passed as they are
     * @return the child, named after the executable
     * @throws IllegalArgumentException if there is no executable
     */
    public static Child command(List<String> words) {
        return of(new Program.Command(words));
    }

    private static Child of(Program program) {
        String name = printable(program.defaultName());
        return new Child(new Spec(program, List.of(), EnvironmentPlan.INHERIT_ALL, null, name));
    }

    private static String printable(String name) {
        String plain = name.replaceAll("\\p{Cntrl}", "?");
        return plain.isEmpty() ? "child" : plain.substring(0, Math.min(plain.length(), MAX_NAME_CHARS));
    }

    /**
     * Returns a copy with more arguments, behind those that it has.
     *
     * @param more passed as they are
     * @return the copy
     */
    public Child arguments(String... more) {
        return new Child(new Spec(
                spec.program, joined(spec.arguments, List.of(more)), spec.environment, spec.directory, spec.name));
    }

    /**
     * Returns a copy with more JVM options, behind those that it has and behind our own, so that they win. A garbage
     * collector chosen here replaces ours.
     *
     * @param more such as {@code -Xmx256m}
     * @return the copy
     * @throws IllegalStateException if this is not a Java child
     */
    public Child jvmOptions(String... more) {
        if (!(spec.program instanceof Program.Java java)) {
            throw new IllegalStateException("JVM options need a Java child, child=" + this);
        }
        return withProgram(new Program.Java(java.main(), joined(java.jvmOptions(), List.of(more))));
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
        return withProgram(new Program.Python(script.script(), python));
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
        return withEnvironment(spec.environment.with(name, value));
    }

    /**
     * Returns a copy without these variables, inherited or set so far.
     *
     * @param names of variables; one that does not exist is no error
     * @return the copy
     */
    public Child withoutEnvironment(String... names) {
        return withEnvironment(spec.environment.without(Set.copyOf(List.of(names))));
    }

    /**
     * Returns a copy that inherits these variables and no other.
     *
     * @param names of variables; none at all for an empty environment
     * @return the copy; what {@link #environment(String, String)} sets comes on top
     */
    public Child inheritOnly(String... names) {
        return withEnvironment(spec.environment.inheritingOnly(Set.copyOf(List.of(names))));
    }

    /**
     * Returns a copy that runs in a directory.
     *
     * @param directory must exist when the child starts; a relative one counts from this JVM's own
     * @return the copy
     */
    public Child directory(Path directory) {
        return new Child(new Spec(
                spec.program,
                spec.arguments,
                spec.environment,
                directory.toAbsolutePath().normalize(),
                spec.name));
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
        return new Child(new Spec(spec.program, spec.arguments, spec.environment, spec.directory, name));
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
        return text.append(", directory=")
                .append(spec.workingDirectory())
                .append(']')
                .toString();
    }

    private Child withProgram(Program program) {
        return new Child(new Spec(program, spec.arguments, spec.environment, spec.directory, spec.name));
    }

    private Child withEnvironment(EnvironmentPlan environment) {
        return new Child(new Spec(spec.program, spec.arguments, environment, spec.directory, spec.name));
    }

    private static List<String> joined(List<String> some, List<String> more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }
}
