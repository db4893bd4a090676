package dev.streamipc.sample.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The words of the command line. */
class ArgumentsTest {

    @TempDir
    Path folder;

    @Test
    void nothingAskedForIsTheDefault() {
        Arguments arguments = Arguments.of("/sample");

        assertEquals(2, arguments.workers());
        assertEquals(40, arguments.drawn());
        assertFalse(arguments.watch());
        assertEquals(Optional.empty(), arguments.pictures());
        assertEquals(Optional.empty(), arguments.out());
        assertEquals(Optional.empty(), arguments.screen());
        assertEquals("/sample/scorer.py", arguments.script("scorer.py"));
    }

    @Test
    void allThatMayBeAskedForIsTaken() throws Exception {
        Path pictures = Files.createDirectories(folder.resolve("-pictures")).toRealPath();
        Path out = folder.resolve("out");

        Arguments arguments = Arguments.of(
                "/sample", "--screen", "30 100", "--watch", "--workers", "3", "--out", out + "", "--", pictures + "");

        assertTrue(arguments.watch());
        assertEquals(3, arguments.workers());
        assertEquals(Optional.of(pictures), arguments.pictures());
        assertEquals(Optional.of(out), arguments.out());
        assertEquals(Optional.of(new Screen.Size(30, 100)), arguments.screen());
    }

    @Test
    void aTerminalThatDoesNotKnowItsSizeIsOfTheUsualOne() {
        assertEquals(
                Optional.of(new Screen.Size(24, 80)),
                Arguments.of("/sample", "--screen", "0 0").screen());
    }

    @Test
    void resultsNeverGoIntoThePictures() throws Exception {
        Path pictures = Files.createDirectories(folder.resolve("pictures")).toRealPath();
        Path link = Files.createSymbolicLink(folder.resolve("link"), pictures);

        refused("OUT is in DIR", "--out", pictures + "", pictures + "");
        refused("OUT is in DIR", "--out", link.resolve("new/one") + "", pictures + "");
        refused("OUT is in DIR", System.getProperty("java.io.tmpdir"));
        assertFalse(Files.exists(pictures.resolve("new")));
    }

    @Test
    void wordsThatMakeNoSenseAreRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        refused("no such option: --wacth", "--wacth");
        refused("--workers needs a number: given=nothing, least=1, most=64", "--workers");
        refused("--workers needs a number: given=65, least=1, most=64", "--workers", "65");
        refused("--pictures needs a number: given=0", "--pictures", "0");
        refused("--out needs a folder: given=nothing", "--out");
        refused("--screen is for the command itself", "--screen");
        refused("--screen is for the command itself", "--screen", "5");
        refused("DIR is not a folder", file + "");
        refused("DIR is not a folder", "");
        refused("DIR does not exist", folder.resolve("none") + "");
        refused("more than one DIR", folder + "", folder + "");
        refused("--pictures says how many to draw", "--pictures", "3", "--out", "/elsewhere", folder + "");
    }

    private static void refused(String why, String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "/sample";
        System.arraycopy(words, 0, all, 1, words.length);

        String text = assertThrows(IllegalArgumentException.class, () -> Arguments.of(all))
                .getMessage();

        assertTrue(text.startsWith(why), text);
        assertTrue(text.endsWith("; " + Arguments.USAGE), text);
    }
}
