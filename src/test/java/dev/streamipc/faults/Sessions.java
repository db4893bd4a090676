package dev.streamipc.faults;

import dev.streamipc.session.IpcSession;

/** Starts sessions the way a row wants it. */
final class Sessions {

    private Sessions() {}

    /** With a thread that reads, or with one that reads and handles. */
    static void drive(IpcSession session, boolean pump) {
        if (!pump) {
            session.start();
            return;
        }
        Thread thread = new Thread(session::serve, "test-pump");
        thread.setDaemon(true);
        thread.start();
    }
}
