package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

/** Real children whose archive is not what it was. */
class SpoiltArchiveTest extends OnOneJar {

    @Test
    void archiveThatIsCutShortIsMadeAnew() throws Exception {
        Path archive = archives.made();
        long length = Files.size(archive);
        assertTrue(archive.toFile().setWritable(true));
        try (FileChannel channel = FileChannel.open(archive, StandardOpenOption.WRITE)) {
            channel.truncate(length / 2);
        }

        assertTrue(archives.trains(archives.child()));

        assertEquals(length / (1 << 20), Files.size(archives.awaitArchive()) / (1 << 20));
        assertTrue(archives.servesAChild());
    }

    @Test
    void archiveWithAWrongByteIsMadeAnew() throws Exception {
        Path archive = archives.made();
        long length = Files.size(archive);
        assertTrue(archive.toFile().setWritable(true));
        try (FileChannel channel = FileChannel.open(archive, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, length / 2);
            one.put(0, (byte) ~one.get(0)).flip();
            channel.write(one, length / 2);
        }

        assertTrue(archives.trains(archives.child()));
        archives.awaitArchive();
        assertTrue(archives.servesAChild());
    }

    @Test
    void archiveWithoutFactsIsMadeAnew() throws Exception {
        Path facts = archives.made().resolveSibling(ArchiveFacts.NAME);
        Files.writeString(facts, "something else\n");

        assertTrue(archives.trains(archives.child()));
        archives.awaitArchive();
        assertTrue(archives.servesAChild());
    }

    @Test
    void archiveThatTheJvmRefusesIsIgnoredInSilence() throws Exception {
        Path archive = archives.made();
        Path facts = archive.resolveSibling(ArchiveFacts.NAME);
        ArchiveFacts were = ArchiveFacts.read(facts);
        Files.delete(archive);
        Files.writeString(archive, "no archive at all ".repeat(10_000));
        Files.write(
                facts,
                ArchiveFacts.of(archive, were.files(), ArchiveKey.of((Program.Java)
                                archives.child().spec().program()))
                        .lines());

        assertTrue(archives.run(archives.child()).contains("-XX:SharedArchiveFile=" + archive));
    }

    @Test
    void archiveOfAnotherJarIsMadeAnew() throws Exception {
        archives.made();
        PackedClassPath.jar(jar, EchoMain.class, ArgumentsMain.class);

        assertTrue(archives.trains(archives.child()));
        archives.awaitArchive();
        assertTrue(archives.servesAChild());
    }
}
