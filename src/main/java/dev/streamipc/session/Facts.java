package dev.streamipc.session;

import dev.streamipc.process.ChildProcess;
import java.time.Duration;

/** What a session is made from. */
record Facts(
        String name,
        Role role,
        OtherEnd otherEnd,
        Admission admission,
        PeerSettings settings,
        Surroundings surroundings) {

    private static final Duration STRANGER_HELLO_LIMIT = Duration.ofSeconds(5);

    /** How long the other side may take until it is ready: a child knows best what it has to load. */
    Duration startLimit() {
        return otherEnd.process()
                .flatMap(ChildProcess::startLimit)
                .orElse(settings.times().start());
    }

    /** How long the other side may take until it has said HELLO: who connects to a listener is running already. */
    Duration helloLimit() {
        Duration limit = startLimit();
        boolean shorter = isStranger() && limit.compareTo(STRANGER_HELLO_LIMIT) > 0;
        return shorter ? STRANGER_HELLO_LIMIT : limit;
    }

    /** Whether the other side has come by itself. */
    boolean isStranger() {
        return admission.isDemanded() && !otherEnd.hasProcess();
    }
}
