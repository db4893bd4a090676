package dev.streamipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.streamipc.faults.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs the tests of the Python package on this machine's interpreters, and its type check. */
class PythonTests {

    private static final Path PYTHON = Path.of("python").toAbsolutePath();
    private static final Path COMPILED = Path.of("target", "python").toAbsolutePath();
    private static final Duration SUITE_LIMIT = Duration.ofSeconds(100);
    private static final int AT_ONCE = 6;
    /** What differs most from version to version: language, typing, wire, and a child as a whole. */
    private static final Set<String> BRIEF =
            Set.of("test_attachments.py", "test_child.py", "test_json.py", "test_parts.py", "test_vectors.py");

    private static final boolean CI = "true".equals(System.getenv("CI"));

    @TestFactory
    Stream<DynamicTest> everyInterpreterPassesTheSuite() throws IOException {
        assumeTrue(Files.isDirectory(PYTHON.resolve("tests")), "there are no Python tests yet");
        List<Interpreter> found = Interpreter.found();
        assertFalse(found.isEmpty(), "no python3 of version 3.8 or newer on the PATH: install python3");
        System.out.println("Python tests run on: " + found);
        // a suite mostly waits for its children: one at a time would take much longer
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        List<String> modules = modules();
        Set<Interpreter> thorough =
                Profile.current() == Profile.NIGHT ? Set.copyOf(found) : Interpreter.thorough(found);
        // a module on all of them, then the next: the slow ones then go on beside others, and none is left for the end
        List<DynamicTest> tests = modules.stream()
                .flatMap(module -> found.stream()
                        .filter(python -> thorough.contains(python) || BRIEF.contains(module))
                        .map(python -> testOf(python + " " + module, pool.submit(() -> run(python, module)))))
                .toList();
        pool.shutdown();
        return tests.stream();
    }

    @Test
    void python311AndAnotherRunTheSuiteWhereEverythingIsChecked() throws IOException {
        String lack = Interpreter.lackOf(Interpreter.found());

        assertTrue(lack.isEmpty() || !CI, lack);
        if (!lack.isEmpty()) {
            System.out.println("SKIPPED: " + lack);
        }
    }

    @Test
    void whatIsLackingIsSeen() {
        Interpreter main = new Interpreter("/a", "cpython", 11);
        Interpreter twin = new Interpreter("/b", "cpython", 11);
        Interpreter older = new Interpreter("/c", "cpython", 8);
        Interpreter other = new Interpreter("/d", "pypy", 11);

        assertTrue(Interpreter.lackOf(List.of(older, other)).startsWith("python 3.11 is missing: found=[cpython 3.8 "));
        assertTrue(Interpreter.lackOf(List.of(main, twin)).startsWith("another python is missing: "));
        assertEquals("", Interpreter.lackOf(List.of(main, older)));
        assertEquals("", Interpreter.lackOf(List.of(main, other)));
    }

    @Test
    void oldestNewestAndMainRunEverything() {
        Interpreter main = new Interpreter("/a", "cpython", 11);
        Interpreter twin = new Interpreter("/b", "cpython", 11);
        Interpreter older = new Interpreter("/c", "cpython", 8);
        Interpreter old = new Interpreter("/d", "cpython", 9);
        Interpreter fresh = new Interpreter("/e", "cpython", 13);
        Interpreter other = new Interpreter("/f", "pypy", 9);

        assertEquals(
                Set.of(main, older, fresh, other), Interpreter.thorough(List.of(main, twin, old, older, fresh, other)));
        assertEquals(Set.of(old), Interpreter.thorough(List.of(old)));
    }

    private static List<String> modules() throws IOException {
        try (Stream<Path> files = Files.list(PYTHON.resolve("tests"))) {
            List<String> modules = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("test_.*\\.py"))
                    .sorted()
                    .toList();
            assertTrue(modules.size() > 5, "modules=" + modules);
            return modules;
        }
    }

    private static DynamicTest testOf(String name, Future<Outcome> run) {
        return DynamicTest.dynamicTest(name, () -> assertPassed(run.get()));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void thePackageIsTyped() throws IOException {
        assumeTrue(Files.isDirectory(PYTHON.resolve("src")), "there is no Python package yet");
        Optional<Path> mypy = Interpreter.onPath("mypy");
        assertTrue(mypy.isPresent() || !CI, "mypy is missing, and CI checks everything: install mypy");
        if (mypy.isEmpty()) {
            System.out.println("SKIPPED: mypy is not installed, the types of the Python package go unchecked");
        }
        assumeTrue(mypy.isPresent(), "mypy is not installed");
        List<String> command = List.of(
                mypy.orElseThrow().toString(), "--strict", "--cache-dir=../target/mypy", "src", "tests/typed_user.py");

        Outcome outcome = Outcome.of(SUITE_LIMIT, PYTHON, Map.of(), command);

        assertEquals(0, outcome.exitCode(), outcome::output);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void aSuiteThatHangsIsEndedAndFails() throws IOException {
        String python = Interpreter.onPath("python3").orElseThrow().toString();
        List<String> command = List.of(python, "-uc", "print('here'); import threading; threading.Event().wait()");

        AssertionError failure = assertThrows(
                AssertionError.class, () -> Outcome.of(Duration.ofSeconds(2), Path.of("."), Map.of(), command));

        assertEquals("did not end: limitMs=2000, output=here" + System.lineSeparator(), failure.getMessage());
    }

    private static Outcome run(Interpreter python, String module) throws IOException {
        List<String> command = List.of(python.executable(), "-m", "unittest", "discover", "-s", "tests", "-p", module);
        // what one suite and its children have compiled, the next ones find
        Map<String, String> environment = Map.of(
                "PYTHONPATH", PYTHON.resolve("src").toString(),
                "PYTHONPYCACHEPREFIX", COMPILED.toString(),
                "PYTHONDONTWRITEBYTECODE", "");
        return Outcome.of(SUITE_LIMIT, PYTHON, environment, command);
    }

    private static void assertPassed(Outcome outcome) {
        assertEquals(0, outcome.exitCode(), outcome::output);
        assertTrue(outcome.output().matches("(?s).*\\bRan [1-9]\\d* tests? in .*"), outcome::output);
    }
}
