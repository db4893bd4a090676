package dev.streamipc.process;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes this process ignore SIGINT: Ctrl-C reaches the whole group, and only the parent is to decide what it means. */
final class InterruptShield {

    private static final Logger LOG = LoggerFactory.getLogger(InterruptShield.class);

    private InterruptShield() {}

    /**
     * Ignores SIGINT from now on. Processes that this one starts inherit that, as the operating system has it. Where
     * the JVM has no {@code jdk.unsupported} module, or runs with {@code -Xrs}, nothing changes but a line in the log.
     *
     * @return whether SIGINT is ignored now
     */
    static boolean raise() {
        // by name: a direct call of this JDK-internal type is a compiler warning that can't be suppressed
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object sigint = signal.getConstructor(String.class).newInstance("INT");
            Object ignore = handler.getField("SIG_IGN").get(null);
            signal.getMethod("handle", signal, handler).invoke(null, sigint, ignore);
            return true;
        } catch (ReflectiveOperationException e) {
            LOG.debug("ctrl-c is not ignored: an interrupt of the terminal ends this process", e);
            return false;
        }
    }
}
