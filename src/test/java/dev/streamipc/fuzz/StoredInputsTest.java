package dev.streamipc.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.faults.Matrix;
import dev.streamipc.faults.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs again what fuzzing has kept: inputs that once were findings, and those that reach most of the code. */
class StoredInputsTest {

    private static final int FEWEST_INPUTS = 20;
    private static final long MOST_BYTES = 64 << 10;
    private static final Matrix MATRIX = Matrix.of(StoredInputsTest.class);
    private static int spent;

    @ParameterizedTest
    @EnumSource
    void storedInputIsNoFindingAnyMore(Target target) throws IOException {
        for (Path file : target.storedInputs()) {
            try {
                target.body.accept(Files.readAllBytes(file));
            } catch (RuntimeException | Error finding) {
                throw new AssertionError("a finding: " + file, finding);
            }
        }
        if (Profile.current() == Profile.NIGHT) {
            String name = "fuzzing " + target.name().toLowerCase(Locale.ROOT) + ": findings fixed";
            MATRIX.figure(name, findings(target), "findings");
        }
    }

    /** What was a finding has a name in words; what only reaches much code has that of its digest. */
    private static long findings(Target target) throws IOException {
        return target.storedInputs().stream()
                .filter(file -> !file.getFileName().toString().matches("[0-9a-f]{12}"))
                .count();
    }

    @ParameterizedTest
    @EnumSource
    void seedIsNoFinding(Target target) {
        target.seeds().forEach(target.body);
    }

    @ParameterizedTest
    @EnumSource
    void storedInputsAreSomeAndSmall(Target target) throws IOException {
        long bytes = 0;
        for (Path file : target.storedInputs()) {
            bytes += Files.size(file);
        }

        assertTrue(target.storedInputs().size() >= FEWEST_INPUTS, target + " inputs=" + target.storedInputs());
        assertTrue(bytes <= MOST_BYTES, target + " bytes=" + bytes);
    }

    @Test
    void inputThatAllocatesTooMuchIsAFinding() {
        assertThrows(AssertionError.class, () -> Budget.hold(() -> spent += new byte[65 << 20].length));
    }

    @Test
    void firstUseOfAClassIsNoFinding() {
        int[] runs = {0};

        Budget.hold(() -> {
            if (runs[0]++ == 0) {
                spent += new byte[65 << 20].length;
            }
        });

        assertEquals(2, runs[0]);
    }
}
