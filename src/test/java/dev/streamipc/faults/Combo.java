package dev.streamipc.faults;

import dev.streamipc.process.Child;
import dev.streamipc.process.ChildChannel;

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
    KRYO_JAVA_SOCKET("kryo", "java", "reader"),
    /** A Python child over a Unix domain socket. */
    JSON_PYTHON_SOCKET("json", "python", ""),
    /** A JVM child that pumps, over shared memory. */
    KRYO_JAVA_MEMORY("kryo", "java", "pump"),
    /** A Python child over shared memory. */
    JSON_PYTHON_MEMORY("json", "python", ""),
    /** A JVM child with a reader thread, of a Python parent. */
    PYTHON_JAVA_READER("json", "java", "reader"),
    /** A JVM child that pumps, of a Python parent. */
    PYTHON_JAVA_PUMP("json", "java", "pump"),
    /** A Python child of a Python parent. */
    PYTHON_PYTHON("json", "python", ""),
    /** The other side is played by the test itself. */
    KRYO_FAKE("kryo", "fake", ""),
    /** The other side is played by the test itself. */
    JSON_FAKE("json", "fake", ""),
    /** Bytes alone: no serializer and no session. */
    BYTES("", "fake", "");

    private final String serializer;
    private final String child;
    private final String drive;

    Combo(String serializer, String child, String drive) {
        this.serializer = serializer;
        this.child = child;
        this.drive = drive;
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
        return this == KRYO_JAVA_SOCKET || this == JSON_PYTHON_SOCKET || isOverMemory();
    }

    private boolean isOverMemory() {
        return this == KRYO_JAVA_MEMORY || this == JSON_PYTHON_MEMORY;
    }

    /** Returns whether the parent is a Python program, and not a JVM. */
    public boolean isOfPython() {
        return this == PYTHON_JAVA_READER || this == PYTHON_JAVA_PUMP || this == PYTHON_PYTHON;
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
        String more = isOverMemory() ? "memory" : isOverSocket() ? "socket" : isOfPython() ? "of-python" : "";
        return String.join(
                "/",
                java.util.stream.Stream.of(serializer, child, drive, more)
                        .filter(part -> !part.isEmpty())
                        .toList());
    }
}
