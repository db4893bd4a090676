package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.process.Child;
import dev.streamipc.session.Samples.Ask;
import java.nio.file.Files;
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
        Path classes = folder.resolve("classes.txt");
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession session =
                    peer.spawn(Child.java(FlightlessChild.class).jvmOptions("-Xlog:class+load=info:file=" + classes));
            session.call(new Ask("hi"));
            session.close();
            session.exited().join();
        }

        String loaded = Files.readString(classes);
        assertTrue(loaded.contains(Hello.class.getName() + " "));
        assertFalse(loaded.contains("java.lang.runtime.ObjectMethods "));
    }
}
