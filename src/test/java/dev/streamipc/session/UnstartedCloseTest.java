package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session that is closed before anybody started it. */
class UnstartedCloseTest {

    @Test
    @Timeout(20)
    void hearsTheOtherSidesGoodbyeInsteadOfWaitingForTheLimit() throws Exception {
        IpcPeer.Builder patient = IpcPeer.builder().messages(Samples.ALL).closeLimit(Duration.ofSeconds(60));
        try (IpcPeer closing = patient.build();
                IpcPeer other = patient.build()) {
            MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
            IpcSession session = closing.createSession(pair.left(), Role.PARENT);
            IpcSession far = other.createSession(pair.right(), Role.CHILD);
            far.start();

            session.close();

            assertTrue(far.awaitClosed(Duration.ofSeconds(5)));
        }
    }
}
