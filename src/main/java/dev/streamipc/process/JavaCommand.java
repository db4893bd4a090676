package dev.streamipc.process;

import dev.streamipc.message.StartFailed;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The words that run a main class as this JVM would.
 *
 * @param argFile a temporary file that the words name, null if they name none
 */
record JavaCommand(List<String> words, @Nullable Path argFile) {

    /** Longer paths go into a file: one word may have 128 KiB on Linux, a whole command 32 KiB on Windows. */
    static final int MAX_PLAIN_CHARS = 8_192;

    private static final int FIRST_WITH_STDERR_ENCODING = 19;
    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC\\b");
    private static final String LAST_WORD = "_JAVA_OPTIONS";
    static final List<String> OPTION_VARIABLES = List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", LAST_WORD);

    static JavaCommand of(Program.Java program, List<String> arguments, Map<String, String> environment) {
        requireRunnable(program.main());
        MemoryLimit limit = program.limit();
        List<String> words = new ArrayList<>();
        words.add(executable());
        words.addAll(options());
        if (!program.main().getModule().isNamed()) {
            words.addAll(LogProvider.options());
        }
        if (limit != null) {
            requireNoOverride(limit, environment);
            words.add(ExitAnalysis.EXIT_WITHOUT_MEMORY);
        }
        if (!choosesCollector(program.jvmOptions(), environment)) {
            words.add("-XX:+UseSerialGC");
        }
        Path argFile = addPaths(words, paths(program.main()));
        words.addAll(program.jvmOptions());
        if (limit != null) {
            words.add(limit.heapOption());
        }
        words.addAll(entryPoint(program.main()));
        words.addAll(arguments);
        return new JavaCommand(List.copyOf(words), argFile);
    }

    static String executable() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Returns a copy with more JVM options; those that the user gave win over them. */
    JavaCommand with(List<String> jvmOptions) {
        List<String> all = new ArrayList<>(words);
        all.addAll(1 + options().size(), jvmOptions);
        return new JavaCommand(List.copyOf(all), argFile);
    }

    /** -Xlog:disable first: without it, and the line after it, warnings of the VM still reach stdout. */
    private static List<String> options() {
        String prefix = Runtime.version().feature() < FIRST_WITH_STDERR_ENCODING ? "-Dsun." : "-D";
        return List.of(
                "-XX:+DisplayVMOutputToStderr",
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-Dkryo.unsafe=false",
                "-Dfile.encoding=UTF-8",
                prefix + "stdout.encoding=UTF-8",
                prefix + "stderr.encoding=UTF-8");
    }

    /** Two collectors on one command line end a JVM at once, and its variables count as the command line. */
    private static boolean choosesCollector(List<String> jvmOptions, Map<String, String> environment) {
        Stream<String> variables =
                OPTION_VARIABLES.stream().map(environment::get).filter(Objects::nonNull);
        return Stream.concat(jvmOptions.stream(), variables)
                .anyMatch(text -> COLLECTOR.matcher(text).find());
    }

    /** This variable alone wins over the command line. Its value is not shown: it may hold a secret. */
    private static void requireNoOverride(MemoryLimit limit, Map<String, String> environment) {
        if (MemoryLimit.isHeapSet(environment.getOrDefault(LAST_WORD, ""))) {
            throw new StartFailed(
                    "the variable _JAVA_OPTIONS sets the heap and would win over the memory limit, memoryLimitBytes="
                            + limit.bytes() + "; take it out with Child.withoutEnvironment",
                    List.of(),
                    null,
                    null);
        }
    }

    private static @Nullable Path addPaths(List<String> words, List<String> paths) {
        if (String.join(" ", paths).length() <= MAX_PLAIN_CHARS) {
            words.addAll(paths);
            return null;
        }
        WordEncoding.check("class path", paths, List.of());
        try {
            Path file = ArgFile.write(paths);
            words.add("@" + file);
            return file;
        } catch (IOException e) {
            throw new StartFailed("the file for a long class path could not be written", words, null, e);
        }
    }

    private static List<String> paths(Class<?> main) {
        List<String> paths = new ArrayList<>();
        addPath(paths, "-cp", System.getProperty("java.class.path", ""));
        if (main.getModule().isNamed()) {
            addPath(paths, "--module-path", System.getProperty("jdk.module.path", ""));
            // This library is an automatic module: what it needs itself, nothing else asks for.
            paths.addAll(List.of("--add-modules", "ALL-MODULE-PATH"));
        }
        return paths;
    }

    /** Entries become absolute: the child may run in another directory. */
    private static void addPath(List<String> paths, String option, String path) {
        if (!path.isEmpty()) {
            paths.add(option);
            paths.add(absolute(path));
        }
    }

    static String absolute(String path) {
        return Arrays.stream(path.split(Pattern.quote(File.pathSeparator)))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<String> entryPoint(Class<?> main) {
        Module module = main.getModule();
        return module.isNamed() ? List.of("-m", module.getName() + "/" + main.getName()) : List.of(main.getName());
    }

    private static void requireRunnable(Class<?> main) {
        String file = main.getName().replace('.', '/') + ".class";
        if (!main.getModule().isNamed() && ClassLoader.getSystemResource(file) == null) {
            throw new StartFailed(
                    "the main class is not on the class path of this JVM, tried=" + file + ", class.path="
                            + System.getProperty("java.class.path") + "; run it with Child.command instead",
                    List.of(),
                    null,
                    null);
        }
        if (Stream.<Class<?>>iterate(main, Objects::nonNull, Class::getSuperclass)
                .noneMatch(JavaCommand::hasMain)) {
            throw new StartFailed("the class has no main method, class=" + main.getName(), List.of(), null, null);
        }
    }

    private static boolean hasMain(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .anyMatch(method -> method.getName().equals("main"));
    }
}
