package dev.streamipc.session;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads where the JVM has them, from 21 on; found at run time, because this is compiled for 17. For sessions and dispatchers.
 */
public final class VirtualThreads {

    private static final @Nullable Makers MAKERS = find();

    private record Makers(Method ofVirtual, Method name, Method unstarted) {}

    private VirtualThreads() {}

    private static @Nullable Makers find() {
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            return new Makers(
                    Thread.class.getMethod("ofVirtual"),
                    builder.getMethod("name", String.class),
                    builder.getMethod("unstarted", Runnable.class));
        } catch (ReflectiveOperationException before21) {
            return null;
        }
    }

    /**
     * Makes a thread that is not started, a daemon.
     *
     * @param wanted whether it may be a virtual one; it is one only where the JVM has them
     * @param name of the thread
     * @param body what it runs
     * @return the thread
     */
    public static Thread unstarted(boolean wanted, String name, Runnable body) {
        if (wanted && MAKERS != null) {
            try {
                Object named = MAKERS.name.invoke(MAKERS.ofVirtual.invoke(null), name);
                return (Thread) MAKERS.unstarted.invoke(named, body);
            } catch (ReflectiveOperationException refused) {
                SessionLog.LOG.debug("no virtual thread: name={}", name, refused);
            }
        }
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }
}
