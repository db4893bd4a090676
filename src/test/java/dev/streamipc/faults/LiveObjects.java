package dev.streamipc.faults;

import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** Counts what is alive on the heap, after a collection. */
final class LiveObjects {

    private static final Pattern LINE = Pattern.compile("^ *\\d+: +(\\d+) +(\\d+) +(\\S+)", Pattern.MULTILINE);

    private LiveObjects() {}

    /** Returns how many instances of a class of the session package are reachable. */
    static long of(String simpleName) {
        String name = nameOf(simpleName);
        Matcher line = LINE.matcher(histogram());
        while (line.find()) {
            if (line.group(3).equals(name)) {
                return Long.parseLong(line.group(1));
            }
        }
        return 0;
    }

    /** Of a class that is no more there would be no objects, however many are held. */
    private static String nameOf(String simpleName) {
        try {
            return Class.forName("dev.streamipc.session." + simpleName).getName();
        } catch (ClassNotFoundException e) {
            throw new AssertionError("look for another class", e);
        }
    }

    /** Returns the bytes of everything that is reachable. */
    static long bytes() {
        long bytes = 0;
        Matcher line = LINE.matcher(histogram());
        while (line.find()) {
            bytes += Long.parseLong(line.group(2));
        }
        return bytes;
    }

    private static String histogram() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new AssertionError("no histogram from this JVM", e);
        }
    }
}
