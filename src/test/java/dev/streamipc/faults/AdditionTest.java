package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Columns that are run alone join a document, in which the others keep what they came to. */
class AdditionTest {

    private static final String ROW = "kill.idle";
    private static final Combo OLD = Combo.KRYO_JAVA_PUMP;
    private static final Combo NEW = Combo.KRYO_JAVA_MEMORY;

    private static Map<String, Object> line(Combo combo, int number, Evidence evidence, String at) {
        Map<String, Object> line = new Case.Id(ROW, combo, number).toJson(1, evidence);
        line.putAll(Map.of("jdk", 17, "profile", "verify", "run", "", "at", at));
        return line;
    }

    private static Evidence evidence(int calls, String proof) {
        return new Evidence()
                .proof("pid", proof)
                .lastOutcomeNanos(calls * 1_000_000L)
                .count("calls", calls);
    }

    private static List<String> document(Combo combo, int cases) {
        List<Map<String, Object>> lines = new ArrayList<>();
        for (int number = 1; number <= cases; number++) {
            lines.add(line(combo, number, evidence(number, combo.drive()), "2026-01-02T03:04:05.678Z"));
        }
        return Reliability.document(lines, Profile.VERIFY).lines().toList();
    }

    @Test
    void cellsAndCountsAreAddedAndTheOthersStay() {
        List<Map<String, Object>> fresh =
                List.of(line(NEW, 1, evidence(7, "fresh").violation("odd"), "2026-02-03T03:04:05.678Z"));

        String both = Addition.to(document(OLD, 3), fresh, Profile.VERIFY);

        Tables tables = Tables.of(both.lines().toList());
        Tables.Table table = tables.table("Java 17/kill -9 of the child/", "row");
        assertEquals("3", table.cell("`kill.idle`", OLD.label()));
        assertEquals("1", table.cell("`kill.idle`", NEW.label()));
        assertEquals(Plan.row(ROW).allCases(Profile.VERIFY) + "/4", table.cell("`kill.idle`", "expected/run"));
        assertEquals("pid=pump", table.cell("`kill.idle`", "proof sample"));
        assertEquals("1", table.cell("`kill.idle`", "violations"));
        assertEquals(
                "2026-01-02 to 2026-02-03",
                tables.table("Java 17/", "run").rows().get("date").get(1));
        assertTrue(both.contains("| crash to last failure, p50 | 2.0 | ms |\n"), both);
        assertTrue(both.contains(
                "| crash to last failure, max | 3.0 | ms |\n| crash to last failure, shared memory, cases"));
        assertTrue(both.contains("| crash to last failure, shared memory, p50 | 7.0 | ms |\n"));
        assertTrue(both.contains("| calls | 13 | count |\n"), both);
    }

    @Test
    void documentWithNothingNewStaysAsItIs() {
        List<String> before = document(OLD, 3);

        String after = Addition.to(
                before,
                List.of(line(NEW, 1, new Evidence().proof("pid", 1), "2026-01-02T03:04:05.678Z")),
                Profile.VERIFY);

        List<String> changed = new ArrayList<>(after.lines().toList());
        changed.removeAll(before);
        assertEquals(1, changed.size(), changed::toString);
    }

    @Test
    void spreadOfOtherColumnsIsNotOverwritten() {
        List<Map<String, Object>> same = List.of(line(OLD, 4, evidence(7, "x"), "2026-01-02T03:04:05.678Z"));

        assertThrows(AssertionError.class, () -> Addition.to(document(OLD, 3), same, Profile.VERIFY));
    }
}
