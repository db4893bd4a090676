package dev.streamipc.faults;

import static dev.streamipc.faults.Combo.JSON_JAVA_PUMP;
import static dev.streamipc.faults.Combo.JSON_JAVA_READER;
import static dev.streamipc.faults.Combo.JSON_PYTHON;
import static dev.streamipc.faults.Combo.JSON_PYTHON_MEMORY;
import static dev.streamipc.faults.Combo.JSON_PYTHON_SOCKET;
import static dev.streamipc.faults.Combo.KRYO_JAVA_MEMORY;
import static dev.streamipc.faults.Combo.KRYO_JAVA_PUMP;
import static dev.streamipc.faults.Combo.KRYO_JAVA_READER;
import static dev.streamipc.faults.Combo.KRYO_JAVA_SOCKET;
import static dev.streamipc.faults.Combo.PYTHON_JAVA_PUMP;
import static dev.streamipc.faults.Combo.PYTHON_JAVA_READER;
import static dev.streamipc.faults.Combo.PYTHON_PYTHON;

import java.util.List;
import java.util.stream.Stream;

/** Faults of processes: children and parents that are killed, stopped, or harm themselves. */
final class ProcessRows {

    private static final List<Combo> OF_PYTHON = List.of(PYTHON_JAVA_READER, PYTHON_JAVA_PUMP, PYTHON_PYTHON);

    private static final List<Combo> EVERY = Stream.concat(
                    Stream.of(KRYO_JAVA_READER, KRYO_JAVA_PUMP, JSON_JAVA_READER, JSON_JAVA_PUMP, JSON_PYTHON),
                    OF_PYTHON.stream())
            .toList();

    /** Where no pipe has to be held back between the two. */
    private static final List<Combo> ALSO_SOCKETS = Stream.concat(
                    EVERY.stream(),
                    Stream.of(KRYO_JAVA_SOCKET, JSON_PYTHON_SOCKET, KRYO_JAVA_MEMORY, JSON_PYTHON_MEMORY))
            .toList();

    private static final List<Combo> JVMS = List.of(KRYO_JAVA_READER, KRYO_JAVA_PUMP, JSON_JAVA_READER, JSON_JAVA_PUMP);

    private static final String KILLS = "kill -9 of the child";
    private static final String HARM = "A child that stops, exits or harms itself";
    private static final String PIPES = "Pipes that are closed, held, not read, or bring damaged bytes";

    static final List<Row> ALL = List.of(
            kill("kill.before-hello", "before HELLO", EVERY),
            kill("kill.before-ready", "after HELLO, before READY", ALSO_SOCKETS),
            kill("kill.idle", "idle", ALSO_SOCKETS),
            kill("kill.request-half-written", "half a request written", ALSO_SOCKETS),
            kill("kill.attachment-half-written", "half an attachment written", ALSO_SOCKETS),
            kill("kill.request-unstarted", "request read but not started", EVERY),
            kill("kill.handler-running", "handler running", ALSO_SOCKETS),
            kill("kill.progress-sent", "progress sent", ALSO_SOCKETS),
            kill("kill.stream", "in the midst of a stream that it sends", ALSO_SOCKETS),
            kill("kill.upload", "in the midst of a stream that it takes", ALSO_SOCKETS),
            kill("kill.reply-half-written", "half a reply written", EVERY),
            kill("kill.reply-unread", "reply written before the parent reads it", EVERY),
            kill("kill.closing", "during close", ALSO_SOCKETS),
            kill("kill.broadcast", "during a broadcast", ALSO_SOCKETS),
            kill("kill.full-pipe", "with a full pipe", EVERY),
            new Row(
                    KILLS,
                    "kill.argument-file",
                    "whose class path is in a temporary file",
                    List.of(KRYO_JAVA_READER, KRYO_JAVA_PUMP),
                    2,
                    20),
            harm("stop.deadline", "SIGSTOP, a call goes over its deadline, SIGCONT", ALSO_SOCKETS),
            harm("stop.close", "SIGSTOP, then close", ALSO_SOCKETS),
            harm("exit.0", "exit 0 inside the handler", ALSO_SOCKETS),
            harm("exit.1", "exit 1 inside the handler", ALSO_SOCKETS),
            harm("exit.system-exit", "System.exit, sys.exit inside the handler", ALSO_SOCKETS),
            harm("exit.segv", "SEGV while the handler runs", ALSO_SOCKETS),
            harm("harm.memory", "out of memory inside the handler", ALSO_SOCKETS),
            harm("harm.memory-exit", "out of memory, with ExitOnOutOfMemoryError", JVMS),
            harm("harm.stack", "stack overflow inside the handler", ALSO_SOCKETS),
            pipe("pipe.stdout-closed", "the child closes its stdout and lives"),
            pipe("pipe.grandchild-holds", "kill -9 of a child whose own child holds its stdout"),
            pipe("pipe.child-deaf", "the child never reads again"),
            pipe("pipe.parent-deaf", "the parent never reads again"),
            pipe("pipe.both-deaf", "neither reads again"),
            new Row(PIPES, "pipe.damaged", "what comes in is cut, altered, or among other bytes", OF_PYTHON, 2, 100),
            orphan("parent.idle", "idle children", 1),
            orphan("parent.busy", "busy children, one of which never waits", 1),
            orphan("parent.stopped", "stopped children, which then go on", 1),
            orphan("parent.grandchildren", "JVM children, each with a child as the column says", 1),
            load("load.descriptors", "a living parent runs out of file descriptors", EVERY, 1, 20),
            load("load.calls", "kill -9 of a child with 10,000 calls in flight", ALSO_SOCKETS, 1, 20),
            load("load.children", "200 children at once", List.of(JSON_PYTHON), 1, 3),
            load("load.jvms", "200 JVM children at once", List.of(KRYO_JAVA_READER, JSON_JAVA_PUMP), 0, 1));

    private ProcessRows() {}

    private static Row kill(String id, String what, List<Combo> combos) {
        return new Row(KILLS, id, what, combos, 5, 100);
    }

    private static Row harm(String id, String what, List<Combo> combos) {
        return new Row(HARM, id, what, combos, 1, 20);
    }

    private static Row pipe(String id, String what) {
        return new Row(PIPES, id, what, EVERY, 1, 20);
    }

    /** Four rows and twelve combos: 2,400 at night. */
    private static Row orphan(String id, String what, int verifyCases) {
        return new Row("kill -9 of the parent", id, what, ALSO_SOCKETS, verifyCases, 50);
    }

    private static Row load(String id, String what, List<Combo> combos, int verifyCases, int nightCases) {
        return new Row("Much at once, and little to be had", id, what, combos, verifyCases, nightCases);
    }
}
