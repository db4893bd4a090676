package dev.streamipc.sample.dispatch;

import dev.streamipc.dispatch.WorkerProgram;
import dev.streamipc.dispatch.WorkerSetup;
import dev.streamipc.session.RequestContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What each JVM worker can do: scale and draw pictures; and three things that no worker should. */
public final class PictureWorker implements WorkerProgram {

    /** The exit code of {@code crash}. */
    static final int CRASH_CODE = 42;

    private static final int STEP_MEBIBYTES = 32;

    private final List<byte[]> leak = new ArrayList<>();

    @Override
    public void setUp(WorkerSetup worker) {
        worker.messages(Grown.class);
        worker.onRequest(Scale.class, Scaling::scale);
        worker.function("draw", call -> Drawing.draw(call.at(0, String.class), call.at(1, int.class)));
        worker.function("crash", call -> crash());
        worker.function("hang", call -> hang());
        worker.function("grow", (call, context) -> grow(call.at(0, int.class), context));
    }

    /** As a fault in native code does: the process is gone amid the task. */
    private static String crash() {
        System.err.println("something is badly wrong here");
        Runtime.getRuntime().halt(CRASH_CODE);
        return "never";
    }

    /** Neither comes to an end nor listens to anybody. */
    private static String hang() {
        while (true) {
            LockSupport.parkNanos(Long.MAX_VALUE);
        }
    }

    /** Takes memory, fills it, and keeps it beyond its end. */
    private String grow(int mebibytes, RequestContext context) {
        for (int held = STEP_MEBIBYTES; held <= mebibytes; held += STEP_MEBIBYTES) {
            byte[] step = new byte[STEP_MEBIBYTES << 20];
            Arrays.fill(step, (byte) held);
            leak.add(step);
            context.progress(new Grown(ProcessHandle.current().pid(), held));
        }
        return "holds " + leak.size() * STEP_MEBIBYTES + " MiB";
    }
}
