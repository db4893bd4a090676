package dev.streamipc.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** The page and the charts. */
final class DocumentTest {

    private static final String MARKS =
            "<!-- figures: begin; bench/document writes this part -->\n<!-- figures: end -->\n";

    @Test
    void theMiddleIsReplacedAndTheRestStays() {
        String once = Document.with("before\n" + MARKS + "after\n", "one\n");

        assertEquals(once.replace("one", "two"), Document.with(once, "two\n"));
        assertTrue(once.startsWith("before\n") && once.endsWith("after\n"), once);
        assertThrows(IllegalArgumentException.class, () -> Document.with("no marks", "one\n"));
    }

    @Test
    void whatIsMissedOrMissingStandsInTheTable() {
        String part = Document.part(results(), "x.json");

        assertTrue(part.contains("| `P2.lsp4j` | 5 | 1 | LSP4J | 5 | req/s | 5..5 | ratio >= 10 **MISSED** |"), part);
        assertTrue(part.contains("| `P4.hot` | - | - | Aeron | - | - | - | MISSING: no such thing |"), part);
    }

    @Test
    void chartsAreXml() throws Exception {
        for (Chart chart : new Charts(results()).all().values()) {
            DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(chart.svg())));
        }
        assertEquals(1, new Charts(results()).all().size());
    }

    private static Results results() {
        Report report = new Report();
        report.figures.add(Row.of("P2.lsp4j", "inline", "LSP4J", "req/s")
                .target(Target.ratioAtLeast(10))
                .figure(new double[] {5}, new double[] {1}));
        report.missing.add(new Missing("P4.hot", "Aeron", "no such thing"));
        return new Results("2026-11-22", "bench/run quick", Map.of("cores", "2 & more <"), report);
    }
}
