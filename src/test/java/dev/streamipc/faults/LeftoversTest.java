package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.session.IpcPeer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Holds that what a session leaves behind would be seen. */
@Timeout(60)
class LeftoversTest {

    @Test
    void sessionWithItsChildIsSeenUntilItEnds() throws Exception {
        Path folder = Launchpad.caseFolder();
        Leftovers before = Leftovers.now();
        try (IpcPeer peer = FaultParent.peer(Combo.JSON_PYTHON)) {
            peer.spawn(Launchpad.child(Launchpad.words(Combo.JSON_PYTHON, folder, ""), folder));

            assertEquals(Set.of("thread", "process", "descriptor"), kinds(before.more()));
        }
        assertEquals(List.of(), before.left());
        Launchpad.delete(folder);
    }

    @Test
    void sharedMemoryIsSeenUntilItEnds() throws Exception {
        Path folder = Launchpad.caseFolder();
        Combo memory = Combo.JSON_PYTHON_MEMORY;
        Leftovers before = Leftovers.now();
        try (IpcPeer peer = FaultParent.peer(memory)) {
            peer.spawn(memory.over(Launchpad.child(Launchpad.words(memory, folder, ""), folder)));

            assertTrue(
                    before.more().stream().anyMatch(each -> each.matches("descriptor left: /.*\\.ring \\(deleted\\)")),
                    () -> "not seen");
        }
        assertEquals(List.of(), before.left());
        Launchpad.delete(folder);
    }

    @Test
    void classThatIsGoneIsNotCountedAsNoObjects() {
        assertThrows(AssertionError.class, () -> LiveObjects.of("NoSuchClass"));
    }

    private static Set<String> kinds(List<String> left) {
        Set<String> kinds = new TreeSet<>();
        left.forEach(each -> kinds.add(each.substring(0, each.indexOf(' '))));
        return kinds;
    }
}
