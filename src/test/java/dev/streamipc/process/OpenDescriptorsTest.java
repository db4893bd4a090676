package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A parent with a hundred open files, pipes and sockets has children that hold none of them. */
@Timeout(30)
class OpenDescriptorsTest {

    private static final int EACH = 34;

    @TempDir
    Path folder;

    private final List<Closeable> open = new ArrayList<>();

    @BeforeEach
    void openMany() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs Linux");
        for (int i = 0; i < EACH; i++) {
            open.add(FileChannel.open(folder.resolve("held" + i), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            open.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            Pipe pipe = Pipe.open();
            open.add(pipe.source());
            open.add(pipe.sink());
        }
        assertTrue(Descriptors.now().orElseThrow().open() > 100);
    }

    @AfterEach
    void closeAll() throws IOException {
        for (Closeable each : open) {
            each.close();
        }
    }

    @Test
    void commandHasItsThreeStreams() throws Exception {
        Child child = Children.sh("ls /proc/$$/fd; true");

        assertEquals("0\n1\n2\n", Children.output(child));
        if (SearchPath.ofThisJvm().first("prlimit").isPresent()) {
            assertEquals("0\n1\n2\n", Children.output(child.memoryLimit(64 << 20)));
        }
    }

    @Test
    void pythonChildHasItsThreeStreams() throws Exception {
        Path script = Files.writeString(
                folder.resolve("fds.py"), "import os\nfds = os.listdir('/proc/self/fd')\nprint(sorted(fds))\n");

        // and the one that lists them
        assertEquals("['0', '1', '2', '3']\n", Children.output(Child.python(script)));
    }

    @Test
    void javaChildHoldsNothingOfItsParents() throws Exception {
        List<String> held =
                Children.output(Child.java(OpenDescriptorsMain.class)).lines().toList();

        assertTrue(held.size() >= 3, held::toString);
        for (String target : held) {
            assertTrue(
                    target.startsWith("pipe:") || isOfARuntime(target),
                    () -> "not a pipe of ours, nor a file of the JDK or the class path: " + target);
        }
        assertEquals(
                3, held.stream().filter(target -> target.startsWith("pipe:")).count(), held::toString);
    }

    private static boolean isOfARuntime(String target) {
        return target.startsWith(System.getProperty("java.home"))
                || target.endsWith(".jar")
                || target.startsWith("/proc/")
                || target.startsWith("/dev/");
    }
}
