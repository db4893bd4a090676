package dev.streamipc.fuzz;

import dev.streamipc.session.ScriptedSession;

/** What the other side, the user and time do to a session, event by event. */
public final class SessionTarget {

    private SessionTarget() {}

    /** Loads what is used, which is not the cost of an input. */
    public static void fuzzerInitialize() {
        ScriptedSession.run(new Script(new byte[2]));
    }

    /** Takes one input. */
    public static void fuzzerTestOneInput(byte[] input) {
        Budget.hold(() -> ScriptedSession.run(new Script(input)));
    }
}
