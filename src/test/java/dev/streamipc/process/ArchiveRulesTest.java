package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArchiveRulesTest {

    @Test
    void optionsThatHaveToDoWithArchivesMeanNone() {
        for (String option : List.of(
                "-Xshare:off",
                "-XX:SharedArchiveFile=x",
                "-XX:ArchiveClassesAtExit=x",
                "-XX:+AutoCreateSharedArchive",
                "-XX:DumpLoadedClassList=x",
                "-XX:AOTCache=x",
                "-XX:VMOptionsFile=x",
                "-XX:Flags=x",
                "@x",
                "-javaagent:x.jar",
                "-agentlib:jdwp",
                "-Xbootclasspath/a:x",
                "--patch-module=a=b",
                "-cp",
                "--class-path=x",
                "-Djava.system.class.loader=x",
                "-XX:+UseZGC",
                "-Xmx31g",
                "-Xmx32505856k",
                "-XX:MaxHeapSize=1T",
                "-Xmx33285996544")) {
            assertNotEquals(Optional.empty(), byOption(option), option);
            assertNotEquals(Optional.empty(), byVariable("-Da=b " + option), option);
        }
    }

    @Test
    void optionsThatAnArchiveDependsOnMustBeOnTheCommandLine() {
        assertEquals(Optional.empty(), byOption("-XX:-UseCompressedOops"));
        assertNotEquals(Optional.empty(), byVariable("-XX:-UseCompressedOops"));
    }

    @Test
    void otherOptionsDoNoHarm() {
        for (String option : List.of(
                "-Xmx30g", "-Xmx64m", "-Xmx1048576", "-Xss1m", "-Dx=a@b", "-XX:+UseG1GC", "-Xlog:gc", "-ea", "-Xint")) {
            assertEquals(Optional.empty(), byOption(option), option);
            assertEquals(Optional.empty(), byVariable(option), option);
        }
    }

    @Test
    void heapLimitCountsAsAnOption() {
        Program.Java large = new Program.Java(EchoMain.class, List.of(), MemoryLimit.ofHeap(40L << 30));

        assertNotEquals(Optional.empty(), ArchiveRules.hindrance(large, Map.of()));
    }

    @Test
    void mainClassInANamedModuleMeansNone() {
        Program.Java inModule = new Program.Java(String.class, List.of(), null);

        assertEquals(Optional.of("its main class is in a named module"), ArchiveRules.hindrance(inModule, Map.of()));
    }

    private static Optional<String> byOption(String option) {
        return ArchiveRules.hindrance(new Program.Java(EchoMain.class, List.of("-Da=b", option), null), Map.of());
    }

    private static Optional<String> byVariable(String text) {
        Program.Java plain = new Program.Java(EchoMain.class, List.of(), null);
        return ArchiveRules.hindrance(plain, Map.of("JAVA_TOOL_OPTIONS", text));
    }
}
