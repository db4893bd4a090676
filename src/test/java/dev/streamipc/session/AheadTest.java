package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class AheadTest {

    @Test
    void whatIsMadeReadyAheadLeavesNoThread() throws InterruptedException {
        Thread thread = Objects.requireNonNull(Ahead.start());

        thread.join(10_000);

        assertFalse(thread.isAlive());
        assertTrue(thread.isDaemon());
    }
}
