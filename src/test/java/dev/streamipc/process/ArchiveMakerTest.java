package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ArchiveMakerTest {

    private static final String CLASSES = "java/lang/Object id: 0\njava/io/Serializable id: 1\n";

    @TempDir
    Path temp;

    private Path folder;

    @BeforeEach
    void makesAFolder() throws IOException {
        folder = Files.createDirectory(temp.resolve("workshop"));
    }

    @Test
    void lineThatIsCutShortIsLeftOut() throws Exception {
        ArchiveMaker maker = new ArchiveMaker(folder, List.of());
        Files.writeString(maker.list(), CLASSES + "java/lang/Comparable id:");

        maker.make(key());

        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    List.of("archive", "facts"),
                    left.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void archiveWhoseOptionsTheJvmRefusesIsNone() throws Exception {
        ArchiveMaker maker = new ArchiveMaker(folder, List.of("-Xlog:nosuchtag=off:stderr"));
        Files.writeString(maker.list(), CLASSES);

        IOException failed = assertThrows(IOException.class, () -> maker.make(key()));

        assertTrue(failed.getMessage().startsWith("a JVM failed to do it, words=[-Xshare:on"), failed::getMessage);
    }

    @Test
    void nothingRunsAfterTheEnd() throws Exception {
        ArchiveMaker maker = new ArchiveMaker(folder, List.of());
        Files.writeString(maker.list(), CLASSES);
        maker.abandon();
        maker.abandon();

        assertThrows(IOException.class, () -> maker.make(key()));
    }

    private ArchiveKey key() throws IOException {
        Path jar = PackedClassPath.jar(temp.resolve("a.jar"), EchoMain.class);
        return new ArchiveKey(EchoMain.class.getName(), List.of(jar), List.of(), "any");
    }
}
