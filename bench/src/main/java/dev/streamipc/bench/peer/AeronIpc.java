package dev.streamipc.bench.peer;

import dev.streamipc.bench.raw.Jvm;
import dev.streamipc.bench.side.Pin;
import dev.streamipc.bench.side.Spinning;
import dev.streamipc.bench.side.Timing;
import dev.streamipc.bench.side.Turns;
import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Aeron IPC: raw bytes through its log buffers, both sides spin, as its own ping-pong sample does; the driver sits in the parent. */
public final class AeronIpc {

    private static final int THERE = 1_001;
    private static final int BACK = 1_002;
    private static final int BYTES = 36;
    private static final String OPEN = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";

    private AeronIpc() {}

    /** Takes nothing; as the child, the folder of the driver. */
    public static void main(String[] words) throws Exception {
        if (words.length > 0) {
            echo(words[0]);
            return;
        }
        try (MediaDriver driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
                        .threadingMode(ThreadingMode.SHARED)
                        .dirDeleteOnShutdown(true));
                Aeron aeron = connect(driver.aeronDirectoryName());
                Publication there = aeron.addPublication(CommonContext.IPC_CHANNEL, THERE);
                Subscription back = aeron.addSubscription(CommonContext.IPC_CHANNEL, BACK)) {
            Process child = Jvm.start(List.of(OPEN), AeronIpc.class, driver.aeronDirectoryName());
            Pin.child(child.pid());
            UnsafeBuffer frame = new UnsafeBuffer(new byte[BYTES]);
            int[] heard = new int[1];
            FragmentHandler count = (buffer, offset, length, header) -> heard[0]++;
            while (!there.isConnected() || !back.isConnected()) {
                Thread.onSpinWait();
            }
            Turns.answerOne(() -> Timing.p50Micros(() -> {
                int next = heard[0] + 1;
                offer(there, frame);
                while (heard[0] != next) {
                    back.poll(count, 1);
                }
                return next;
            }));
            child.destroy();
        }
    }

    private static Aeron connect(String folder) {
        return Aeron.connect(new Aeron.Context().aeronDirectoryName(folder));
    }

    private static void echo(String folder) {
        Spinning spinning = new Spinning();
        try (Aeron aeron = connect(folder);
                Subscription there = aeron.addSubscription(CommonContext.IPC_CHANNEL, THERE);
                Publication back = aeron.addPublication(CommonContext.IPC_CHANNEL, BACK)) {
            UnsafeBuffer frame = new UnsafeBuffer(new byte[BYTES]);
            FragmentHandler answer = (buffer, offset, length, header) -> offer(back, frame);
            do {
                if (there.poll(answer, 1) > 0) {
                    spinning.found();
                }
            } while (spinning.goesOn());
        }
    }

    private static void offer(Publication publication, UnsafeBuffer frame) {
        while (publication.offer(frame) < 0) {
            Thread.onSpinWait();
        }
    }
}
