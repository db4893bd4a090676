package dev.streamipc.faults;

import org.junit.jupiter.api.Test;

/** What only Python parents play; all other of their cases stand beside those of a JVM, in one row. */
class PythonParentTest {

    private static final Rows ROWS = new Rows(PythonParentTest.class);

    @Test
    void aPythonParentOutlivesDamagedBytes() throws Exception {
        ROWS.play("pipe.damaged", stage -> stage.evidence.violation("only a Python parent can play it"));
    }
}
