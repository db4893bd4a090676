package dev.streamipc.sample.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.dispatch.RestartReason;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the pools look like. */
class FrameTest {

    private static final View VIEW = new View(
            12.34,
            List.of(
                    new View.Pool(
                            "pictures",
                            20,
                            41,
                            6.44,
                            19,
                            new TreeMap<>(Map.of(RestartReason.DIED, 1L, RestartReason.MEMORY, 2L)),
                            List.of(
                                    new View.Worker("picture-1", "BUSY", OptionalLong.of(4711), "Scale", 17, 2),
                                    new View.Worker("picture-3", "STARTING", OptionalLong.empty(), "", 0, 1))),
                    new View.Pool(
                            "scores",
                            400,
                            400,
                            310,
                            0,
                            Map.of(),
                            List.of(new View.Worker("scorer-1", "IDLE", OptionalLong.of(1234567), "", 400, 1)))));

    @Test
    void theWholeViewHasAllPoolsAndWorkers() {
        assertEquals("""
                -- pools after 12.3 s --
                pictures  [#########...........] 20/41    6.4/s  queued 19   restarts 3 {DIED=1, MEMORY=2}
                  picture-1    BUSY      pid 4711        17 done  start 2   Scale
                  picture-3    STARTING                   0 done  start 1
                scores    [####################] 400/400  310.0/s  queued 0    restarts 0
                  scorer-1     IDLE      pid 1234567    400 done  start 1""", text(Frame.lines(VIEW, new Screen.Size(24, 100))));
    }

    @Test
    void whatDoesNotFitIsCutOff() {
        assertEquals("""
                -- pools after 12.3 s --
                pictures  [#########...........]
                  picture-1    BUSY      pid 471
                  ... and 3 lines more""", text(Frame.lines(VIEW, new Screen.Size(5, 32))));
    }

    @Test
    void aNameCantMoveTheCursor() {
        View odd = new View(0, List.of(new View.Pool("a\033[2J", 0, 0, 0, 0, Map.of(), List.of())));

        assertEquals(
                "[####################] 0/0 a?[2J",
                Frame.bars(odd, new Screen.Size(24, 80)).get(0));
    }

    @Test
    void barsAreOneLine() {
        assertEquals(
                List.of("[#########...........] 20/41 pictures  [####################] 400/400 scores"),
                Frame.bars(VIEW, new Screen.Size(24, 80)));
    }

    @Test
    void withoutATerminalItIsALineOfFacts() {
        assertEquals(
                "after 12.3 s: pictures done=20/41 perSecond=6.4 queued=19 busy=1/2 restarts=3 {DIED=1, MEMORY=2};"
                        + " scores done=400/400 perSecond=310.0 queued=0 busy=0/1 restarts=0",
                Frame.line(VIEW));
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines);
    }
}
