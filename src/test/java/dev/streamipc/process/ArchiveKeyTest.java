package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveKeyTest {

    @TempDir
    Path temp;

    @Test
    void keyTellsApartWhatNeedsAnArchiveOfItsOwn() throws IOException {
        String plain = of(EchoMain.class).name();

        assertEquals(plain, of(EchoMain.class, "-Xmx64m", "-Da=b").name());
        assertNotEquals(plain, of(ArgumentsMain.class).name());
        assertNotEquals(plain, of(EchoMain.class, "-XX:-UseCompressedOops").name());
        try (PackedClassPath other = PackedClassPath.of(temp.resolve("a.jar"))) {
            assertNotEquals(plain, of(EchoMain.class).name(), () -> "on " + other);
        }
    }

    @Test
    void factsThatAreNoneAreRefused() throws IOException {
        Path file = temp.resolve("facts");
        List<String> sound = new ArchiveFacts(1, 255, List.of(FileStamp.of(file)), List.of("key")).lines();
        Files.write(file, sound);
        assertEquals(sound, ArchiveFacts.read(file).lines());

        for (int i = 0; i < sound.size() - 1; i++) {
            Files.write(file, sound.subList(0, i));
            assertThrows(IOException.class, () -> ArchiveFacts.read(file));
        }
    }

    private static ArchiveKey of(Class<?> main, String... options) throws IOException {
        return ArchiveKey.of(new Program.Java(main, List.of(options), null));
    }
}
