package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a start does not wait for. */
@Timeout(60)
class AheadTest {

    @Test
    void whatIsMadeReadyAheadLeavesNoThread() throws InterruptedException {
        Thread thread = Objects.requireNonNull(Ahead.start());

        thread.join(10_000);

        assertFalse(thread.isAlive());
        assertTrue(thread.isDaemon());
    }

    /** The JDK makes equals, hashCode and toString of a record when they are first called: 10 ms for the one of HELLO. */
    @Test
    void firstAnswerOfAChildCallsNoMethodThatTheJdkHasToMake(@TempDir Path folder) throws Exception {
        String loaded = LoadedClasses.of(FlightlessChild.class, folder).classes();

        assertTrue(loaded.contains(Hello.class.getName() + " "));
        assertFalse(loaded.contains("java.lang.runtime.ObjectMethods "));
    }
}
