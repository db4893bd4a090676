package dev.streamipc.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Holds that docs/TROUBLESHOOTING.md has each text by which the library complains, and none that it has not. A new text
 * goes into the page, or into the list here with the reason why nobody will ever look for it.
 */
class TroubleshootingTest {

    private static final String PYTHON_PART = "## In a Python child";
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    /** Texts that are no message: names, parts of a longer text, and what is said without a complaint. */
    private static final Set<String> NO_MESSAGES = Set.of(
            // parts of a longer one
            "",
            "an argument",
            "an environment value",
            "class path",
            "JVM option",
            "has",
            "hash",
            "no",
            "on PATH",
            "on PATH (no such file)",
            "(not set)",
            "(not told)",
            "... (cut",
            "shared by both sides",
            "the other side",
            "this side",
            "to",
            "without a name",
            // names of things
            "Admission[",
            "Dispatcher[",
            "Hello[",
            "IpcPeer[",
            "RingReader[",
            "RingWriter[",
            "TaskQueue[",
            "closed]",
            "stream-ipc",
            "answering a goodbye",
            // what others write, or how a line is laid out
            "? extends",
            "Max open files",
            "Terminating due to java.lang.OutOfMemoryError",
            "import sys; sys.stdout.write('\\nstreamipc-probe",
            // can't happen: thrown for the compiler's sake
            "the exit future never fails");

    @Test
    void everyMessageIsInThePageAndNoOther() throws Exception {
        Map<String, String> sources = MessageTexts.of(mainFiles()).files;
        Set<String> messages = new TreeSet<>(sources.keySet());
        messages.removeAll(NO_MESSAGES);
        Set<String> page = entries(pageLines());

        Map<String, String> missing = new TreeMap<>(sources);
        missing.keySet().retainAll(minus(messages, page));
        assertEquals(Map.of(), missing, "put into docs/TROUBLESHOOTING.md: text=file");
        assertEquals(Set.of(), minus(page, messages), "no source says so any more, take it out of the page");
        assertEquals(Set.of(), minus(NO_MESSAGES, sources.keySet()), "no longer needed in the list of this test");
    }

    @Test
    void everyEntryHasItsCauseAndItsCure() {
        List<String> rows = pageLines().stream()
                .dropWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("|"))
                .toList();

        assertTrue(rows.size() > 100, "rows=" + rows.size());
        assertEquals(
                List.of(),
                rows.stream()
                        .filter(row -> Arrays.stream(row.substring(1).split("\\|"))
                                        .filter(cell -> !cell.isBlank())
                                        .count()
                                != 3)
                        .toList());
    }

    @Test
    void fixedWordsAreThoseBeforeTheFacts() {
        assertEquals("start failed", MessageTexts.fixedWords("start failed: {}{}{}"));
        assertEquals("limit out of range", MessageTexts.fixedWords("limit out of range: {}={}, least={}"));
        assertEquals("ask less at once", MessageTexts.fixedWords("queue=inbound, bytes={}; ask less at once"));
        assertEquals("reader failed", MessageTexts.fixedWords("{} reader failed"));
        assertEquals("rejected", MessageTexts.fixedWords("rejected: reason={}, {}"));
        assertEquals("array expected", MessageTexts.fixedWords("array expected: token=%s"));
    }

    @Test
    void textsAreFoundWhereverTheyStand() throws Exception {
        Set<String> found = MessageTexts.of(List.of(source("""
                class Planted {
                    static final String WHY = "close was called";
                    void run(int n) {
                        LOG.warn("child outlives its KILL, name={}", n);
                        LOG.debug("said in passing only");
                        throw new IllegalStateException("too few are left, open=" + n + ", max=" + why("no luck at all"));
                    }
                    String why(String what) { return n > 1 ? "one thing: " + what : "single"; }
                }
                """))).files.keySet();

        assertEquals(
                Set.of(
                        "close was called",
                        "child outlives its KILL",
                        "too few are left",
                        "no luck at all",
                        "one thing"),
                found);
    }

    private static Set<String> minus(Set<String> all, Set<String> some) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    /** Returns the lines up to the part that a test of the Python side holds. */
    private static List<String> pageLines() {
        return Repository.lines(Repository.ROOT.resolve("docs/TROUBLESHOOTING.md")).stream()
                .takeWhile(line -> !line.equals(PYTHON_PART))
                .toList();
    }

    private static Set<String> entries(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|")[1])
                .flatMap(cell -> QUOTED.matcher(cell).results())
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<JavaFileObject> mainFiles() {
        var files = ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null);
        List<JavaFileObject> found = new ArrayList<>();
        files.getJavaFileObjectsFromPaths(Repository.javaFiles("src/main")).forEach(found::add);
        return found;
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
