package dev.streamipc.faults;

import dev.streamipc.channel.Eventually;
import dev.streamipc.session.IpcSession;
import java.util.Arrays;

/** Starts sessions the way a row wants it. */
final class Sessions {

    private Sessions() {}

    /** With a thread that reads, or with one that reads and handles; returns once that is so. */
    static void drive(IpcSession session, boolean pump) throws Exception {
        if (!pump) {
            session.start();
            return;
        }
        Thread thread = new Thread(session::serve, "test-pump");
        thread.setDaemon(true);
        thread.start();
        // else a request of the test might start the session first, with a reader
        Eventually.await("the pump serves", () -> !thread.isAlive() || reads(thread));
    }

    private static boolean reads(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("readOnce"));
    }
}
