package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineCutterTest {

    @Test
    void linesAreTheSameWhereverTheBytesAreCut() {
        byte[] text = "one\r\n\ntwo \u4e16\ud83d\ude00\r\r\nno end".getBytes(StandardCharsets.UTF_8);
        List<String> whole = List.of("one", "", "two \u4e16\ud83d\ude00\r", "no end");

        for (int cut = 0; cut <= text.length; cut++) {
            assertEquals(whole, lines(Arrays.copyOf(text, cut), Arrays.copyOfRange(text, cut, text.length)));
        }
    }

    @Test
    void bytesThatAreNoTextBecomeReplacementCharacters() {
        assertEquals(List.of("a\ufffdb"), lines(new byte[] {'a', (byte) 0xff, 'b', '\n'}));
        assertEquals(List.of(), lines(new byte[0]));
    }

    @Test
    void longLineKeepsItsBeginningAndTellsItsLength() {
        String cut = lines("x".repeat(5_000) + "\nnext\n").get(0);

        assertEquals("x".repeat(4_032) + " ... (cut, lineBytes=5000)", cut);
        assertEquals(List.of("x".repeat(4_032), "next"), lines("x".repeat(4_032) + "\nnext\n"));
    }

    @Test
    void cutNeverStandsInsideACharacter() {
        for (int before = 0; before < 4; before++) {
            String cut =
                    lines("x".repeat(before) + "\ud83d\ude00".repeat(2_000)).get(0);

            assertTrue(cut.endsWith("\ud83d\ude00 ... (cut, lineBytes=" + (8_000 + before) + ")"), cut);
            assertTrue(cut.getBytes(StandardCharsets.UTF_8).length <= LineCutter.MAX_LINE_BYTES);
        }
    }

    @Test
    void lineOfContinuationBytesAloneIsCutToo() {
        byte[] noise = new byte[10_000];
        Arrays.fill(noise, (byte) 0x80);

        assertTrue(lines(noise).get(0).endsWith("(cut, lineBytes=10000)"));
    }

    private static List<String> lines(String text) {
        return lines(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> lines(byte[]... chunks) {
        List<String> lines = new ArrayList<>();
        LineCutter cutter = new LineCutter(lines::add);
        for (byte[] chunk : chunks) {
            cutter.accept(chunk, chunk.length);
        }
        cutter.end();
        return lines;
    }
}
