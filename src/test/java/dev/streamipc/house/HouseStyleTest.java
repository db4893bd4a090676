package dev.streamipc.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Holds what a file, a method and a name look like, and shows that a fault is seen. */
class HouseStyleTest {

    private static final int MAX_FILE_LINES = 400;
    private static final int MAX_METHOD_LINES = 40;
    private static final int MAX_PARAMETERS = 4;

    /** Each of these has its reason beside it; one that is no longer needed fails the test. */
    private static final Set<String> MORE_PARAMETERS = Set.of(
            // A failure: each parameter is a fact that its reader asks for.
            "Undecodable.<init>");

    /** File names that may ask for the time of day; waits and deadlines never do. */
    private static final Set<String> WALL_CLOCK = Set.of();

    private static final Pattern TYPE_NAME = Pattern.compile("(Abstract|I[A-Z][a-z]).*|.*(Manager|Utils?|Impl)");
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO[D]O|FIX[M]E|X[X]X)\\b");
    private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w.$}])/(root|home|Users)/\\w");
    private static final Pattern PYTHON_SLEEP = Pattern.compile("\\btime\\.sleep\\(|@unittest\\.skip\\(");
    private static final Pattern TIME_OF_DAY = Pattern.compile("\\bcurrentTimeMillis\\b");

    @Test
    void noFileIsLong() {
        List<Path> files = Stream.of("src", "samples", "python", "bench")
                .flatMap(folder -> Repository.files(folder).stream())
                .filter(file -> file.toString().matches(".*\\.(java|py|js)"))
                .toList();
        List<Integer> lengths =
                files.stream().map(file -> Repository.lines(file).size()).toList();

        System.out.println("files: " + spread(lengths));
        assertFalse(files.isEmpty());
        assertEquals(List.of(), filesWhere(files, lines -> lines.size() > MAX_FILE_LINES));
    }

    @Test
    void methodsAreShortAndTakeFewParameters() throws IOException {
        JavaFacts facts = JavaFacts.of(parsed("src/main", "samples"));

        System.out.println("methods: "
                + spread(facts.methods.stream().map(JavaFacts.Method::lines).toList()));
        assertFalse(facts.methods.isEmpty());
        assertEquals(Set.of(), tooLong(facts));
        assertEquals(MORE_PARAMETERS, withManyParameters(facts));
    }

    @Test
    void typesAreNamedForWhatTheyAre() throws IOException {
        assertEquals(Set.of(), badNames(JavaFacts.of(parsed("src", "samples"))));
    }

    @Test
    void noTestSleepsOrIsDisabled() throws IOException {
        assertEquals(Set.of(), sleepsAndDisabled(JavaFacts.of(parsed("src/test"))));
        assertEquals(List.of(), filesWith(PYTHON_SLEEP, Repository.files("python/tests")));
    }

    @Test
    void waitsDoNotAskForTheTimeOfDay() {
        List<Path> files = Repository.javaFiles("src/main").stream()
                .filter(file -> !WALL_CLOCK.contains(file.getFileName().toString()))
                .toList();

        assertEquals(List.of(), filesWith(TIME_OF_DAY, files));
    }

    @Test
    void nothingIsUnfinishedOrBoundToOneMachine() throws IOException {
        List<Path> texts = texts();

        assertTrue(texts.contains(Repository.ROOT.resolve("pom.xml")));
        assertEquals(List.of(), filesWith(UNFINISHED, texts));
        assertEquals(List.of(), filesWith(MACHINE_PATH, texts));
    }

    @Test
    void faultsInJavaAreSeen() throws IOException {
        JavaFacts facts = JavaFacts.of(List.of(source("""
                class PoolManager {
                    @Deprecated
                    void fits() {
                """ + "        run();\n".repeat(MAX_METHOD_LINES - 2) + """
                    }
                    void isLong() {
                """
                + "        run();\n".repeat(MAX_METHOD_LINES - 1) + """
                    }
                    @Disabled void five(int a, int b, int c, int d, int e) throws Exception { Thread.sleep(1); }
                    void four(int a, int b, int c, int d) {}
                    record Five(int a, int b, int c, int d, int e) {
                        Five { a = b; }
                        Five(int a, int b, int c, int d, String e) { this(a, b, c, d, 0); }
                    }
                }
                """)));

        assertEquals(Set.of("PoolManager"), badNames(facts));
        assertEquals(Set.of("PoolManager.isLong"), tooLong(facts));
        assertEquals(Set.of("PoolManager.five", "Five.<init>"), withManyParameters(facts));
        assertEquals(Set.of("Thread.sleep", "Disabled"), sleepsAndDisabled(facts));
    }

    @Test
    void faultsInTextAreSeen() {
        assertTrue(UNFINISHED.matcher("// TO" + "DO: later").find());
        assertTrue(MACHINE_PATH.matcher("see /ho" + "me/someone/x").find());
        assertTrue(PYTHON_SLEEP.matcher("    time." + "sleep(1)").find());
        assertTrue(TIME_OF_DAY.matcher("System." + "currentTimeMillis()").find());
        assertFalse(MACHINE_PATH.matcher("target/home/x and $HOME/x").find());
    }

    private static Set<String> tooLong(JavaFacts facts) {
        return names(facts.methods.stream().filter(method -> method.lines() > MAX_METHOD_LINES));
    }

    private static Set<String> withManyParameters(JavaFacts facts) {
        return names(facts.methods.stream().filter(method -> method.parameters() > MAX_PARAMETERS));
    }

    private static Set<String> badNames(JavaFacts facts) {
        return names(facts.types.stream().filter(name -> TYPE_NAME.matcher(name).matches()));
    }

    private static Set<String> sleepsAndDisabled(JavaFacts facts) {
        Stream<String> sleeps = facts.selections.stream().filter(name -> name.endsWith(".sleep"));
        Stream<String> disabled = facts.annotations.stream().filter(Set.of("Disabled", "Ignore")::contains);
        return names(Stream.concat(sleeps, disabled));
    }

    private static Set<String> names(Stream<?> found) {
        return found.map(Object::toString).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> filesWith(Pattern pattern, Collection<Path> files) {
        return filesWhere(
                files,
                lines -> lines.stream().anyMatch(line -> pattern.matcher(line).find()));
    }

    private static List<String> filesWhere(Collection<Path> files, Predicate<List<String>> fault) {
        return files.stream()
                .filter(file -> fault.test(Repository.lines(file)))
                .map(file -> Repository.ROOT.relativize(file).toString())
                .toList();
    }

    private static List<Path> texts() throws IOException {
        Stream<Path> below = Stream.of("src", "samples", "python", "docs", "bench", ".ci", ".mvn")
                .flatMap(folder -> Repository.files(folder).stream())
                .filter(file -> !file.toString().contains("/src/test/resources/"));
        try (Stream<Path> top = Files.list(Repository.ROOT)) {
            return Stream.concat(below, top.filter(Files::isRegularFile)).toList();
        }
    }

    private static List<JavaFileObject> parsed(String... folders) {
        var files = ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null);
        List<JavaFileObject> found = new ArrayList<>();
        files.getJavaFileObjectsFromPaths(Repository.javaFiles(folders)).forEach(found::add);
        return found;
    }

    private static String spread(List<Integer> lines) {
        List<Integer> sorted = lines.stream().sorted().toList();
        return "count=" + sorted.size() + ", medianLines=" + sorted.get(sorted.size() / 2) + ", p95Lines="
                + sorted.get(sorted.size() * 95 / 100) + ", maxLines=" + sorted.get(sorted.size() - 1);
    }

    private static JavaFileObject source(String text) {
        return new SimpleJavaFileObject(URI.create("string:///Planted.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
