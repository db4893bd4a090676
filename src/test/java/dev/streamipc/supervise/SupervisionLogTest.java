package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.process.Jvm;
import dev.streamipc.process.RecordedLogs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SupervisionLogTest {

    @Test
    @Timeout(60)
    void noFailureIsSilent() throws Exception {
        ProcessBuilder builder = Jvm.of(UnmatchedMain.class);
        builder.command().add(1, RecordedLogs.OPTION);
        Process process = builder.start();

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(
                List.of(
                        "child failed: child=root/a, action=RESTART, rule=dev.streamipc.supervise.Rig$Trouble,"
                                + " failure=dev.streamipc.supervise.Rig$Trouble: a",
                        "child failed: child=root/a, action=ESCALATE, rule=none, this is the default,"
                                + " failure=java.lang.IllegalStateException: unmatched",
                        "supervisor gives up: supervisor=root, failure=java.lang.IllegalStateException: unmatched",
                        "child is killed: child=root/b, why=stop limit passed",
                        "child outlives its kill and is given up for lost: child=root/b"),
                output.lines().toList());
        assertEquals(0, process.waitFor());
    }
}
