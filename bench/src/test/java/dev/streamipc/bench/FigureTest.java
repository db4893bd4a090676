package dev.streamipc.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The lines that other programs read. */
final class FigureTest {

    @Test
    void aLineTellsAllAndIsReadBack() {
        Figure figure = Row.of("P1.reader.split", "reader", "raw-pipe", "us")
                .target(Target.ratioAtMost(1.3))
                .with("prefetch64")
                .figure(new double[] {3, 1, 2}, new double[] {2, 1, 1});

        String line = "METRIC P1.reader.split ours=2 baseline=1 ratio=2 unit=us against=raw-pipe oursSpread=1..3"
                + " baselineSpread=1..2 rounds=3 target=ratio<=1.3 verdict=MISSED with=prefetch64";
        assertEquals(line, figure.line());
        assertEquals(line, Figure.parse(line).line());
    }

    @Test
    void aLineOfAnotherProgramIsRead() {
        Figure figure = Figure.parse("METRIC P5.a.free ours=52.1 baseline=41 ratio=1.27 unit=us"
                + " against=multiprocessing.Pipe oursSpread=50..55 rounds=5 target=\"ratio <= 1.0\" met");

        assertEquals("ratio<=1.0", figure.word("target"));
        assertEquals("met", figure.word("verdict"));
        assertEquals(41, figure.baseline);
    }

    @Test
    void aTargetLooksAtWhatItSays() {
        assertTrue(Target.ratioAtLeast(10).isMet(100, 10));
        assertTrue(!Target.ratioAtLeast(10).isMet(99, 10));
        assertTrue(Target.oursAtMost(0.5).isMet(0.5, 7));
    }

    @Test
    void aMissingRowIsNamed() {
        String line = "MISSING P4.hot against=Aeron why=typed: there is none";

        assertEquals(line, Missing.parse(line).line());
    }

    @Test
    void numbersHaveFourDigits() {
        assertEquals("0.1235", Numbers.text(0.12345678));
        assertEquals("123456", Numbers.text(123456.4));
        assertEquals("0", Numbers.text(0));
        assertEquals("1.5..3", Numbers.spread(new double[] {3, 1.5}));
    }
}
