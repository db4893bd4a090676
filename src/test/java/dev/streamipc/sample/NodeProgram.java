package dev.streamipc.sample;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;

/** Node, as the {@code PATH} names it. */
final class NodeProgram {

    static final String NAME = "node";
    private static final boolean CI = "true".equals(System.getenv("CI"));

    private NodeProgram() {}

    /** Fails where everything has to be there, and skips elsewhere, if there is no node. */
    static void require() throws InterruptedException {
        boolean isThere = isThere();
        assertTrue(isThere || !CI, "node is missing, and CI checks everything: install nodejs");
        if (!isThere) {
            System.out.println("SKIPPED: node is not installed, the child in JavaScript goes unchecked");
        }
        assumeTrue(isThere, "node is not installed");
    }

    private static boolean isThere() throws InterruptedException {
        try {
            return new ProcessBuilder(NAME, "--version").start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }
}
