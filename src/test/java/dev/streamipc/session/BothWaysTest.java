package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Blob;
import dev.streamipc.session.Samples.BlobBack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 64 MiB each way at once over stdio, whoever reads with a thread of its own and whoever pumps. */
@Timeout(90)
class BothWaysTest {

    private static final int TOTAL_BYTES = 64 << 20;

    @ParameterizedTest(name = "parent {0}, child {1}, {2} messages")
    @CsvSource({
        "reader, reader, 64",
        "reader, pump, 64",
        "pump, reader, 64",
        "pump, pump, 64",
        "reader, reader, 1",
        "pump, pump, 1",
        "reader, pump, 16384",
        "pump, pump, 16384"
    })
    void bothSidesSendAtOnceAndAllArrives(String parentDrive, String childDrive, int count) throws Exception {
        byte[] bytes = new byte[TOTAL_BYTES / count];
        Arrays.fill(bytes, (byte) 9);
        Process process = new ProcessBuilder(command(childDrive, bytes.length)).start();
        try (IpcPeer peer = IpcPeer.builder()
                .messages(Samples.ALL)
                .limits(Limits.DEFAULT.withMaxPayloadBytes(80 << 20))
                .build()) {
            IpcSession session = peer.createOwnedProcessSession(process);
            session.onRequest(Blob.class, blob -> new BlobBack(blob.bytes()));
            if (parentDrive.equals("pump")) {
                Thread pump = new Thread(session::serve, "test-pump");
                pump.setDaemon(true);
                pump.start();
            } else {
                session.start();
            }
            CompletableFuture<Answer> theirs = session.request(new Ask(Integer.toString(count)));
            List<CompletableFuture<BlobBack>> ours = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ours.add(session.request(new Blob(bytes)));
            }

            for (CompletableFuture<BlobBack> call : ours) {
                assertArrayEquals(bytes, call.join().bytes());
            }
            assertEquals(Integer.toString(count), theirs.join().text());
        }
    }

    private static List<String> command(String drive, int bytes) {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(BothWaysChild.class.getName(), drive, Integer.toString(bytes)));
        return command;
    }
}
