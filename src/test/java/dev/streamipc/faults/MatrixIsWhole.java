package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs behind all tests, in a JVM of its own: what was recorded is what was planned, and the document says so. */
class MatrixIsWhole {

    private static final String DOCUMENT = System.getProperty("streamipc.document", "");

    @BeforeEach
    void needsAllTests() {
        assumeTrue(System.getProperty("test") == null, "only some of the tests were run");
    }

    @Test
    void everyCaseWasRunAndNoneShowedAViolation() throws IOException {
        Tally tally = Tally.of(Lines.read(Lines.FOLDER).stream()
                .filter(MatrixIsWhole::isOfThisRun)
                .toList());

        List<String> faults = Plan.rows().stream()
                .flatMap(row -> tally.faults(row, Profile.current()).stream())
                .toList();

        assertEquals(List.of(), faults);
    }

    @Test
    void theDocumentIsWrittenIfAsked() throws IOException {
        if (!DOCUMENT.isEmpty()) {
            Reliability.main(new String[] {
                Lines.FOLDER.toString(),
                Profile.current().label(),
                Path.of(DOCUMENT).toString()
            });
        }
    }

    /** A night may have several runs, as it goes on where it was broken off. */
    private static boolean isOfThisRun(Map<String, Object> line) {
        return line.get("jdk").equals(Matrix.JDK)
                && Profile.current().label().equals(line.get("profile"))
                && (Profile.current() == Profile.NIGHT || Matrix.RUN.equals(line.get("run")));
    }
}
