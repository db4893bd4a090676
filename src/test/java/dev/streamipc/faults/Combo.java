package dev.streamipc.faults;

import dev.streamipc.process.Child;
import dev.streamipc.process.ChildChannel;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** With which serializer a case runs, against which kind of child, and how that child drives its session. */
public enum Combo {
    /** A JVM child with a reader thread: {@code start()}. */
    KRYO_JAVA_READER("kryo", "java", "reader"),
    /** A JVM child that pumps: {@code serve()}. */
    KRYO_JAVA_PUMP("kryo", "java", "pump"),
    /** A JVM child with a reader thread: {@code start()}. */
    JSON_JAVA_READER("json", "java", "reader"),
    /** A JVM child that pumps: {@code serve()}. */
    JSON_JAVA_PUMP("json", "java", "pump"),
    /** A Python child, which has one way to drive a session and one serializer. */
    JSON_PYTHON("json", "python", ""),
    /** A JVM child with a reader thread, over a Unix domain socket. */
    KRYO_JAVA_SOCKET("kryo", "java", "reader", Way.SOCKET),
    /** A Python child over a Unix domain socket. */
    JSON_PYTHON_SOCKET("json", "python", "", Way.SOCKET),
    /** A JVM child that pumps, over shared memory. */
    KRYO_JAVA_MEMORY("kryo", "java", "pump", Way.MEMORY),
    /** A Python child over shared memory. */
    JSON_PYTHON_MEMORY("json", "python", "", Way.MEMORY),
    /** A JVM child that pumps; callers on both sides look for their answers. */
    KRYO_JAVA_LATENCY("kryo", "java", "pump", Way.STDIO_LATENCY),
    /** A JVM child with a reader thread, over shared memory; callers on both sides look for their answers. */
    JSON_JAVA_MEMORY_LATENCY("json", "java", "reader", Way.MEMORY_LATENCY),
    /** A JVM child with a reader thread, of a Python parent. */
    PYTHON_JAVA_READER("json", "java", "reader", Way.OF_PYTHON),
    /** A JVM child that pumps, of a Python parent. */
    PYTHON_JAVA_PUMP("json", "java", "pump", Way.OF_PYTHON),
    /** A Python child of a Python parent. */
    PYTHON_PYTHON("json", "python", "", Way.OF_PYTHON),
    /** The other side is played by the test itself. */
    KRYO_FAKE("kryo", "fake", ""),
    /** The other side is played by the test itself. */
    JSON_FAKE("json", "fake", ""),
    /** Bytes alone: no serializer and no session. */
    BYTES("", "fake", "");

    /** What is behind the drive of a child that works low in latency. */
    static final String LOW_LATENCY = "/low-latency";

    private final String serializer;
    private final String child;
    private final String drive;
    private final Way way;

    /** Over what they talk, and whose child it is. */
    private enum Way {
        STDIO(""),
        STDIO_LATENCY("low-latency"),
        SOCKET("socket"),
        MEMORY("memory"),
        MEMORY_LATENCY("memory/low-latency"),
        OF_PYTHON("of-python");

        private final String label;

        Way(String label) {
            this.label = label;
        }
    }

    Combo(String serializer, String child, String drive) {
        this(serializer, child, drive, Way.STDIO);
    }

    Combo(String serializer, String child, String drive, Way way) {
        this.serializer = serializer;
        this.child = child;
        this.drive = drive;
        this.way = way;
    }

    /** Returns {@code kryo}, {@code json}, or nothing. */
    public String serializer() {
        return serializer;
    }

    /** Returns {@code java}, {@code python} or {@code fake}. */
    public String child() {
        return child;
    }

    /** Returns {@code reader}, {@code pump}, or nothing where there is one way only. */
    public String drive() {
        return drive;
    }

    /** Returns whether it talks over a Unix domain socket, or over shared memory with one as its bell, and not over stdio. */
    public boolean isOverSocket() {
        return way == Way.SOCKET || isOverMemory();
    }

    /** Returns whether it talks over shared memory. */
    public boolean isOverMemory() {
        return way == Way.MEMORY || way == Way.MEMORY_LATENCY;
    }

    /** Returns whether callers look for their answers. */
    public boolean isLowLatency() {
        return way == Way.STDIO_LATENCY || way == Way.MEMORY_LATENCY;
    }

    /** Returns whether the parent is a Python program, and not a JVM. */
    public boolean isOfPython() {
        return way == Way.OF_PYTHON;
    }

    /** Returns what the figures of its times are told apart by, where the test itself does not tell. */
    String timesOf() {
        if (isOverMemory()) {
            return ", shared memory";
        }
        return isLowLatency() ? ", low latency" : "";
    }

    /** Returns the child, over what it talks. */
    Child over(Child child) {
        if (isOverMemory()) {
            return child.sharedMemory();
        }
        return isOverSocket() ? child.over(ChildChannel.UNIX_SOCKET) : child;
    }

    /** Returns the head of its column, such as {@code kryo/java/reader}. */
    public String label() {
        return Stream.of(serializer, child, drive, way.label)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("/"));
    }
}
