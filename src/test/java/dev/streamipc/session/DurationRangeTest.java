package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Times that no setting takes, the longest and the shortest that there are included. */
class DurationRangeTest {

    private static final List<Duration> REFUSED = List.of(
            Duration.ZERO,
            Duration.ofNanos(-1),
            Duration.ofDays(1).plusNanos(1),
            ChronoUnit.FOREVER.getDuration(),
            Duration.ofSeconds(Long.MIN_VALUE));

    @Test
    void deadlineThatCanNotBeIsRefusedWithItsRange() {
        for (Duration refused : REFUSED) {
            IllegalArgumentException failure =
                    assertThrows(IllegalArgumentException.class, () -> CallOptions.deadline(refused));
            assertTrue(String.valueOf(failure.getMessage()).contains("deadlineMs="), failure.getMessage());
        }
    }

    @Test
    void settingThatCanNotBeIsRefused() {
        for (Duration refused : REFUSED) {
            for (IpcPeer.Builder builder : List.of(
                    IpcPeer.builder().deadline(refused),
                    IpcPeer.builder().startLimit(refused),
                    IpcPeer.builder().closeLimit(refused),
                    IpcPeer.builder().orphanGrace(refused),
                    IpcPeer.builder().stallLimit(refused))) {
                assertThrows(IllegalArgumentException.class, builder::build);
            }
        }
    }
}
