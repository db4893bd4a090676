package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.streamipc.message.Certainty;
import dev.streamipc.message.StartFailed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DescriptorsTest {

    @Test
    void startWithoutHeadroomIsRefused() {
        new Descriptors(36, 100).requireRoom(List.of(), 0);

        StartFailed failed =
                assertThrows(StartFailed.class, () -> new Descriptors(37, 100).requireRoom(List.of("cat"), 0));

        assertEquals(Certainty.NOT_EXECUTED, failed.certainty());
        assertEquals(
                "start failed: too few file descriptors are left, open=37, max=100, needed=64;"
                        + " raise the limit (ulimit -n) or close some, command=[cat]",
                failed.getMessage());
    }

    @Test
    void startsUnderWayNeedRoomToo() throws Exception {
        new Descriptors(16, 100).requireRoom(List.of(), 2);
        assertThrows(StartFailed.class, () -> new Descriptors(17, 100).requireRoom(List.of(), 2));

        IOException refused = assertThrows(
                IOException.class,
                () -> Descriptors.spend(
                        List.of(),
                        () -> Descriptors.spend(List.of(), () -> {
                            assertEquals(2, Descriptors.startsUnderWay());
                            throw new IOException("refused");
                        })));

        assertEquals("refused", refused.getMessage());
        assertEquals(0, Descriptors.startsUnderWay());
    }

    @Test
    void openOnesAreCounted() {
        assumeTrue(Files.exists(Path.of("/proc/self/limits")), "needs Linux");

        // what earlier tests have left may be closed in between
        Children.await("a file counts as one", DescriptorsTest::countsOneFileMore);
    }

    private static boolean countsOneFileMore() {
        long before = open();
        try (InputStream file = Files.newInputStream(Path.of("/dev/null"))) {
            return file != null && open() == before + 1;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long open() {
        try {
            return Descriptors.now().orElseThrow().open();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void jvmThatRunsLowStartsNoChild() throws Exception {
        String said = saidUnderLimit(60);

        assertTrue(said.startsWith("start failed: too few file descriptors are left, open="), said);
        assertTrue(said.contains("max=60, needed=64"), said);
    }

    @Test
    void jvmThatHasNoneLeftStartsNoChild() throws Exception {
        String said = saidUnderLimit(4);

        assertEquals("start failed: file descriptors can't be counted; perhaps none is left", said);
    }

    private static String saidUnderLimit(int limit) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "needs prlimit");
        ChildProcess jvm = ChildProcess.start(Child.java(FewDescriptorsMain.class));
        assertTrue(Children.line(jvm).startsWith("start failed: the working directory"));

        Process prlimit = new ProcessBuilder(
                        "prlimit", "--pid", Long.toString(jvm.process().pid()), "--nofile=" + limit + ":" + limit)
                .start();
        assertTrue(prlimit.waitFor(5, TimeUnit.SECONDS));
        jvm.channel().write(ByteBuffer.wrap(new byte[] {'\n'}));
        String said = Children.line(jvm);
        jvm.stop(Duration.ofSeconds(5));
        return said;
    }
}
