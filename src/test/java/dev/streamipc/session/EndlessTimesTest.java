package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.process.Child;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Times that no clock can count to are refused, or cut to a day, like any other that is too long. */
@Timeout(20)
class EndlessTimesTest {

    private static final Duration ENDLESS = ChronoUnit.FOREVER.getDuration();
    private static final Duration LONG_AGO = Duration.ofSeconds(Long.MIN_VALUE);

    @Test
    void settingsRefuseThem() {
        List<UnaryOperator<IpcPeer.Builder>> settings = List.of(
                builder -> builder.deadline(ENDLESS),
                builder -> builder.startLimit(ENDLESS),
                builder -> builder.closeLimit(ENDLESS),
                builder -> builder.orphanGrace(ENDLESS),
                builder -> builder.stallLimit(LONG_AGO));
        for (UnaryOperator<IpcPeer.Builder> setting : settings) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> setting.apply(IpcPeer.builder()).build());
        }
        assertThrows(IllegalArgumentException.class, () -> CallOptions.deadline(ENDLESS));
        assertThrows(IllegalArgumentException.class, () -> CallOptions.deadline(LONG_AGO));
        assertThrows(IllegalArgumentException.class, () -> Child.command("cat").startLimit(ENDLESS));
    }

    @Test
    void waitsTakeThem() throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 12);
        try (IpcPeer here = IpcPeer.builder().build();
                IpcPeer there = IpcPeer.builder().build()) {
            IpcSession session = here.createSession(pair.left(), Role.PARENT);
            there.createSession(pair.right(), Role.CHILD).start();

            session.flush(ENDLESS);
            assertTrue(session.tick(LONG_AGO));
            assertTrue(session.tickFor(LONG_AGO));
            assertEquals(Optional.empty(), session.receive(LONG_AGO));
            assertFalse(session.awaitClosed(LONG_AGO));
            session.close();
            assertTrue(session.awaitClosed(ENDLESS));
        }
    }
}
