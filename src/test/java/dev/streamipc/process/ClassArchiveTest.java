package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.StartFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real children on a class path of one jar. */
class ClassArchiveTest extends OnOneJar {

    @Test
    void secondChildFindsItsClassesInTheArchive() throws Exception {
        assertTrue(archives.sourceOfMain().endsWith("a.jar"));

        Path archive = archives.awaitArchive();

        assertTrue(archives.servesAChild());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(archives.folder())));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(archive.getParent())));
        assertEquals(2, archives.names().size(), () -> "the archive and the lock: " + archives.names());
        assertFalse(archives.trains(archives.child()));
    }

    @Test
    void collectorsThatCanShareAnArchiveDo() throws Exception {
        archives.made();
        for (String collector : List.of("-XX:+UseG1GC", "-XX:+UseParallelGC")) {
            Path log = folder.resolve("log");
            archives.run(archives.child().jvmOptions(collector, "-Xlog:class+load=info:file=" + log));
            assertTrue(Files.readString(log).contains(EchoMain.class.getName() + " source: shared objects file"));
        }
    }

    @Test
    void folderOnTheClassPathMeansNoArchive() throws Exception {
        classPath.set(List.of(jar, Files.createDirectory(folder.resolve("classes"))));
        assertFalse(archives.trains(archives.child()));

        Path naming = PackedClassPath.jar(folder.resolve("b.jar"), "classes/", EchoMain.class);
        classPath.set(List.of(naming));
        assertTrue(archives.trains(archives.child()));
        archives.awaitEnd();
        assertFalse(archives.servesAChild());
    }

    @Test
    void jarsThatAManifestNamesBelongToTheClassPath() throws Exception {
        Path naming = PackedClassPath.jar(folder.resolve("b.jar"), "a.jar gone.jar");
        classPath.set(List.of(naming));
        archives.made();
        assertTrue(archives.servesAChild());

        PackedClassPath.jar(jar, EchoMain.class, ArgumentsMain.class);

        assertTrue(archives.trains(archives.child()));
    }

    @Test
    void whatFailsIsNotTriedAgainAtOnce() throws Exception {
        Path noJar = Files.writeString(folder.resolve("no.jar"), "text");
        classPath.set(List.of(jar, noJar));

        assertTrue(archives.trains(archives.child()));
        archives.awaitEnd();

        assertFalse(archives.trains(archives.child()));
        assertTrue(archives.names().toString().matches("\\[[0-9a-f]{16}\\.no, lock]"), () -> "" + archives.names());
    }

    @Test
    void childThatFailsTrainsNothing() throws Exception {
        Children.output(Child.java(EchoMain.class).arguments("exit3").classArchive(archives.folder()));
        archives.awaitEnd();

        assertEquals(List.of(ArchiveLock.NAME), archives.names());
        archives.made();
    }

    @Test
    void startThatFailsLeavesNothing() throws Exception {
        assertThrows(
                StartFailed.class,
                () -> ChildProcess.start(archives.child(), builder -> {
                    throw new IOException("refused");
                }));

        assertEquals(List.of(ArchiveLock.NAME), archives.names());
        assertTrue(archives.trains(archives.child()));
    }

    @Test
    void childThatIsReadyAndStoppedTrainsAllTheSame() throws Exception {
        classPath.set(List.of(PackedClassPath.jar(folder.resolve("w.jar"), WaitingMain.class)));
        ChildProcess process = ChildProcess.start(Child.java(WaitingMain.class).classArchive(archives.folder()));
        assertEquals("up", Children.line(process));
        process.ready();
        assertTrue(process.stop(Duration.ZERO));

        archives.awaitArchive();
    }

    @Test
    void onlyJavaChildrenHaveArchives() {
        assertThrows(IllegalStateException.class, () -> Child.command("x").classArchive());
        assertThrows(IllegalStateException.class, () -> Child.python("x").classArchive(folder));

        Child child = archives.child().jvmOptions("-Xss1m").memoryLimit(64 << 20);
        assertEquals(archives.folder(), ((Program.Java) child.spec().program()).archives());
        assertTrue(
                ((Program.Java) Child.java(EchoMain.class).classArchive().spec().program())
                        .archives()
                        .endsWith("stream-ipc"));
    }
}
