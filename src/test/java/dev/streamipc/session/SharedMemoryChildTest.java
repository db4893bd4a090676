package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.process.Child;
import dev.streamipc.session.Samples.Ask;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is true of a child over a socket is so over shared memory. */
class SharedMemoryChildTest extends SocketChildTest {

    @Override
    Child over(Child child) {
        return child.sharedMemory();
    }

    @Override
    Path place() {
        return Path.of("/dev/shm");
    }

    /** It sleeps in a selector, which keeps the carrier. */
    @Override
    boolean isReaderVirtual() {
        return false;
    }

    @Test
    void smallRingsDoAsWell() {
        IpcSession child = peer.spawn(Child.java(EchoChild.class).sharedMemory(4_096));

        String large = "x".repeat(100_000);

        assertEquals(large, child.call(new Ask(large)).text());
    }

    @Test
    void refusesARingThatIsNoPowerOfTwo() {
        Child child = Child.command("true");

        String refused = assertThrows(IllegalArgumentException.class, () -> child.sharedMemory(5_000))
                .getMessage();

        assertEquals("ring size out of range: ringBytes=5000, least=4096, most=67108864; give a power of two", refused);
        assertTrue(child.sharedMemory(8_192).toString().contains("channel=SHARED_MEMORY, ringBytes=8192"));
    }
}
