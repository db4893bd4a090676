package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Runs behind all tests, in a JVM of its own: what was recorded is what was planned, and where a document is asked for, it
 * is written and says so. If only some columns were run, it is added to.
 */
class MatrixIsWhole {

    private static final String DOCUMENT = System.getProperty("streamipc.document", "");
    private static final Profile PROFILE = Profile.current();

    @BeforeEach
    void needsAllTests() {
        assumeTrue(System.getProperty("test") == null, "only some of the tests were run");
    }

    @Test
    void everyCaseWasRunAndNoneShowedAViolation() throws IOException {
        Tally tally = Tally.of(lines().stream()
                .filter(line -> line.get("jdk").equals(Matrix.JDK))
                .toList());

        List<String> faults = Plan.rows().stream()
                .flatMap(row -> tally.faults(row, PROFILE).stream())
                .toList();

        assertEquals(List.of(), faults);
    }

    @Test
    void theDocumentIsWrittenIfAsked() throws IOException {
        assumeTrue(!DOCUMENT.isEmpty(), "no document is asked for");
        Path file = Path.of(DOCUMENT);

        String document = Columns.areSome()
                ? Addition.to(Files.readAllLines(file), lines(), PROFILE)
                : Reliability.document(lines(), PROFILE);
        Files.writeString(file, document);

        assertEquals(List.of(), ReliabilityCheck.faults(Files.readAllLines(file)));
    }

    /** A night may have several runs, as it goes on where it was broken off, and several versions of Java. */
    private static List<Map<String, Object>> lines() throws IOException {
        return Lines.read(Lines.FOLDER).stream()
                .filter(line -> PROFILE.label().equals(line.get("profile")))
                .filter(line -> PROFILE == Profile.NIGHT || Matrix.RUN.equals(line.get("run")))
                .toList();
    }
}
