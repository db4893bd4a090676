package dev.streamipc.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.streamipc.faults.Plan;
import dev.streamipc.faults.ReliabilityCheck;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds that docs/RELIABILITY.md has every row of the plan, every case run, and no violation. */
class ReliabilityTest {

    private final List<String> document = Repository.lines(Repository.ROOT.resolve("docs/RELIABILITY.md"));

    @Test
    void theDocumentIsThatOfThePlan() {
        assumeTrue(System.getProperty("streamipc.document", "").isEmpty(), "it is written anew behind the tests");

        assertEquals(
                List.of(),
                ReliabilityCheck.faults(document),
                "'mvn verify -Pnight' writes docs/RELIABILITY.md anew; CONTRIBUTING.md has a faster way");
    }

    @Test
    void faultsAreSeen() {
        String id = Plan.rows().get(0).id();
        List<String> planted = new ArrayList<>(List.of("## Java 17", "| profile | verify |"));
        int all = ReliabilityCheck.faults(planted).size();
        planted.add("| `" + id + "`: a fault | 5 | 5/4 | pid=1 | 0 |");

        assertEquals(Plan.rows().size(), all);
        assertEquals(List.of("no version of Java"), ReliabilityCheck.faults(List.of("# Reliability")));
        assertTrue(ReliabilityCheck.faults(planted).get(0).matches("Java 17, " + id + ": planned=.*, run=4, .*"));
    }
}
