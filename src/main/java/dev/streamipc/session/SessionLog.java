package dev.streamipc.session;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one logger of all sessions. */
final class SessionLog {

    static final Logger LOG = LoggerFactory.getLogger("dev.streamipc.session");

    private SessionLog() {}
}
