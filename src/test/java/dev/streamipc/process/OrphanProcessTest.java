package dev.streamipc.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** Real parents that are killed, and what becomes of their real children. */
@Timeout(value = 40, threadMode = ThreadMode.SEPARATE_THREAD)
class OrphanProcessTest {

    @TempDir
    Path directory;

    private Process parent;
    private long childPid;

    @AfterEach
    void end() throws InterruptedException {
        ProcessHandle.of(childPid).ifPresent(ProcessHandle::destroyForcibly);
        parent.destroyForcibly().waitFor();
    }

    @Test
    void idleChildLearnsOfItsParentsDeathWithinASecond() throws Exception {
        startWith("idle");

        parent.destroyForcibly();

        long toldMillis = Eventually.await("child is told", () -> Files.exists(told()));
        assertTrue(toldMillis < 1_000, "toldMillis=" + toldMillis);
        assertGoneAfter(toldMillis);
    }

    @Test
    void spinningChildIsGoneWithinThreeSeconds() throws Exception {
        startWith("spin");

        parent.destroyForcibly();

        assertGoneAfter(0);
    }

    @Test
    void childThatHasSaidGoodbyeIsGoneWithinThreeSeconds() throws Exception {
        startWith("parted");

        parent.destroyForcibly();

        assertGoneAfter(0);
    }

    @Test
    void childWhoseShutdownHooksNeverEndIsGoneWithinThreeSeconds() throws Exception {
        startWith("hooks");

        parent.destroyForcibly();

        assertGoneAfter(0);
    }

    @Test
    void childWithoutFreeFileDescriptorsStillSeesItsParent() throws Exception {
        assertEquals("gone=false", startWith("blind"));
    }

    /** Starts parent and child, and returns the line that the child writes once it is under the watch. */
    private String startWith(String mode) throws Exception {
        Path report = directory.resolve("report");
        ProcessBuilder builder = Jvm.of(OrphanParent.class, mode, told().toString(), report.toString());
        parent = Jvm.withFewDescriptors(builder).start();
        childPid = Long.parseLong(new BufferedReader(new InputStreamReader(parent.getInputStream(), UTF_8)).readLine());
        Eventually.await("child is under the watch", () -> Files.exists(report));
        assertFalse(Jvm.isDead(childPid));
        return Files.readString(report);
    }

    private void assertGoneAfter(long elapsedMillis) throws Exception {
        long millis = elapsedMillis + Eventually.await("child is gone", () -> Jvm.isDead(childPid));
        assertTrue(millis < 3_000, "goneMillis=" + millis);
    }

    private Path told() {
        return directory.resolve("told");
    }
}
