package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.streamipc.faults.TempFilesLook;
import dev.streamipc.message.StartFailed;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LeakTest {

    @Test
    void nothingIsLeftAfterStop() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs Linux");
        runAndStop();
        int descriptors = descriptors();
        int files = files();

        for (int i = 0; i < 3; i++) {
            runAndStop();
        }

        Children.await("no descriptor is left", () -> descriptors() <= descriptors);
        Children.await("no thread is left", () -> threads() == 0);
        assertTrue(files() <= files, "no temporary file is left");
    }

    @Test
    void nothingIsLeftAfterAStartThatFails() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs Linux");
        int descriptors = descriptors();

        for (int i = 0; i < 5; i++) {
            assertThrows(StartFailed.class, () -> ChildProcess.start(Child.command("/no/such")));
        }

        Children.await("no descriptor is left", () -> descriptors() <= descriptors);
        Children.await("no thread is left", () -> threads() == 0);
    }

    @Test
    void startsThatFailKeepNoPlaceFromOthers() {
        int places = Runtime.getRuntime().availableProcessors();
        long since = System.nanoTime();

        for (int i = 0; i <= places; i++) {
            assertThrows(StartFailed.class, () -> ChildProcess.start(Child.command("/no/such")));
        }

        // a place that is kept holds up the next start for 5 s
        assertTrue(Children.millisSince(since) < 4_000);
    }

    /** One that obeys, and one that has a grandchild on its pipes and ends by itself. */
    private static void runAndStop() {
        ChildProcess cat = ChildProcess.start(Child.command("cat").name("leak"));
        ChildProcess family =
                ChildProcess.start(Children.sh("sleep 60 & echo $!; read a").name("leak"));
        assertTrue(cat.stop(Duration.ZERO));
        assertTrue(family.stop(Duration.ZERO));
    }

    private static int descriptors() {
        return new File("/proc/self/fd").list().length;
    }

    private static int files() {
        return TempFilesLook.live().size();
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("streamipc-(stderr|exit|side)-(leak|such)"))
                .count();
    }
}
