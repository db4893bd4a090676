package dev.streamipc.session;

import dev.streamipc.process.ChildProcess;
import java.time.Duration;

/** What a session is made from. */
record Facts(String name, Role role, OtherEnd otherEnd, PeerSettings settings, Surroundings surroundings) {

    /** How long the other side may take until it is ready: a child knows best what it has to load. */
    Duration startLimit() {
        return otherEnd.process()
                .flatMap(ChildProcess::startLimit)
                .orElse(settings.times().start());
    }
}
