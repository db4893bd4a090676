package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds that a missing case, a missing proof and a violation are seen, in the lines and in the document. */
class RecorderTest {

    private static final Row ROW = Plan.rows().get(0);
    private static final Combo COMBO = ROW.combos().get(0);

    private static Map<String, Object> line(int number, Evidence evidence) {
        Map<String, Object> line = new Case.Id(ROW.id(), COMBO, number).toJson(1, evidence);
        line.putAll(Map.of("jdk", 17, "profile", "verify", "run", "", "at", "2026-01-02T03:04:05.678Z"));
        return line;
    }

    private static List<Map<String, Object>> written(Path folder, List<Map<String, Object>> lines) throws Exception {
        lines.forEach(line -> Lines.append(folder.resolve("a.jsonl"), line));
        return Lines.read(folder);
    }

    @Test
    void aMissingCaseIsAFault(@TempDir Path folder) throws Exception {
        Evidence evidence = new Evidence().proof("signal", "SIGKILL");

        Tally tally = Tally.of(written(folder, List.of(line(1, evidence), line(1, evidence))));

        assertEquals(1, tally.run(ROW));
        assertTrue(tally.faults(ROW, Profile.VERIFY)
                .contains(ROW.id() + " " + COMBO.label() + ": expected=" + ROW.verifyCases() + ", run=1"));
    }

    @Test
    void aRowBehindWhichNobodyLookedIsAFault(@TempDir Path folder) throws Exception {
        String fault = ROW.id() + ": nobody has looked for what it left behind";
        Map<String, Object> run = line(1, new Evidence().proof("pid", 1));
        Map<String, Object> look = new HashMap<>(run);
        look.remove("row");
        look.putAll(Map.of("after", ROW.id(), "violations", List.of()));

        Tally unseen = Tally.of(written(folder, List.of(run)));
        Tally seen = Tally.of(written(folder, List.of(look)));

        assertTrue(unseen.faults(ROW, Profile.VERIFY).contains(fault));
        assertFalse(seen.faults(ROW, Profile.VERIFY).contains(fault));
    }

    @Test
    void aViolationIsNotTakenBackByAnotherTry(@TempDir Path folder) throws Exception {
        Evidence bad = new Evidence().proof("pid", 1).violation("two outcomes");

        Tally tally = Tally.of(written(folder, List.of(line(1, bad), line(1, new Evidence().proof("pid", 2)))));

        assertEquals(List.of("two outcomes"), tally.violations(ROW));
    }

    @Test
    void aTornLineIsLeftOut(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("a.jsonl");
        Lines.append(file, line(1, new Evidence().proof("pid", 1)));
        Files.writeString(file, "{\"row\":\"kil", StandardOpenOption.APPEND);

        assertEquals(1, Lines.read(folder).size());
    }

    @Test
    void aCaseWithoutProofOrOutsideThePlanFails() {
        Evidence evidence = new Evidence();

        assertTrue(!evidence.isProven());
        assertThrows(AssertionError.class, () -> Plan.row("no.such-row"));
    }

    @Test
    void theDocumentShowsWhatWasRun(@TempDir Path folder) throws Exception {
        Evidence evidence = new Evidence()
                .proof("signal", "SIGKILL")
                .lastOutcomeNanos(2_345_678)
                .count("orphans", 0);
        List<Map<String, Object>> lines = written(folder, List.of(line(1, evidence), line(2, evidence.violation("x"))));

        String document = Reliability.document(lines, Profile.VERIFY);

        String row = document.lines()
                .filter(line -> line.startsWith("| `" + ROW.id() + "`"))
                .findFirst()
                .orElseThrow();
        assertTrue(row.contains("| " + ROW.allCases(Profile.VERIFY) + "/2 | signal=SIGKILL |"), row);
        assertTrue(row.endsWith("| 1 |"), row);
        assertTrue(document.contains("| crash to last failure, p99 | 2.3 | ms |"), document);
        assertTrue(document.contains("| orphans | 0 |"), document);
    }
}
