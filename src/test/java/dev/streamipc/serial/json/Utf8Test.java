package dev.streamipc.serial.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.CharConversionException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class Utf8Test {

    @Test
    void agreesWithTheJdkOnAllShortSequencesThatAreNotAscii() {
        for (int first = 0x7f; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                agrees((byte) first, (byte) second);
                agrees((byte) first, (byte) second, (byte) 0x80);
                agrees((byte) first, (byte) second, (byte) 0x80, (byte) 0xbf);
            }
        }
    }

    @Test
    void agreesWithTheJdkOnChangedText() {
        Random random = new Random(3);
        byte[] text = "ascii \u00e9 \u20ac \ud834\udd1e \uffff \ud7ff \ue000".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = text.clone();
            changed[random.nextInt(text.length)] = (byte) random.nextInt();
            agrees(changed);
        }
    }

    @Test
    void refusalNamesThePlaceInsideThePayload() {
        CharConversionException refused =
                assertThrows(CharConversionException.class, () -> Utf8.check(new byte[] {-1, 'a', 'b', -1, 'c'}, 1, 3));

        assertEquals("not UTF-8: byteOffset=2, lengthBytes=3", refused.getMessage());
    }

    private static void agrees(byte... bytes) {
        assertEquals(jdkTakes(bytes), weTake(bytes));
    }

    private static boolean weTake(byte[] bytes) {
        try {
            Utf8.check(bytes, 0, bytes.length);
            return true;
        } catch (CharConversionException refused) {
            return false;
        }
    }

    private static boolean jdkTakes(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException refused) {
            return false;
        }
    }
}
