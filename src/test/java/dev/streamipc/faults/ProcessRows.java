package dev.streamipc.faults;

import static dev.streamipc.faults.Combo.JSON_JAVA_MEMORY_LATENCY;
import static dev.streamipc.faults.Combo.JSON_JAVA_PUMP;
import static dev.streamipc.faults.Combo.JSON_JAVA_READER;
import static dev.streamipc.faults.Combo.JSON_PYTHON;
import static dev.streamipc.faults.Combo.JSON_PYTHON_MEMORY;
import static dev.streamipc.faults.Combo.JSON_PYTHON_SOCKET;
import static dev.streamipc.faults.Combo.KRYO_JAVA_LATENCY;
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

    private static final List<Combo> EVERY =
            all(List.of(KRYO_JAVA_READER, KRYO_JAVA_PUMP, JSON_JAVA_READER, JSON_JAVA_PUMP, JSON_PYTHON), OF_PYTHON);

    private static final List<Combo> SOCKETS = List.of(KRYO_JAVA_SOCKET, JSON_PYTHON_SOCKET);

    private static final List<Combo> MEMORY = List.of(KRYO_JAVA_MEMORY, JSON_PYTHON_MEMORY, JSON_JAVA_MEMORY_LATENCY);

    private static final List<Combo> NEW_WAYS = all(MEMORY, List.of(KRYO_JAVA_LATENCY));

    /** Where what a child writes has to be held back. */
    private static final List<Combo> HELD = all(EVERY, NEW_WAYS);

    private static final List<Combo> WIDE = all(HELD, SOCKETS);

    private static final List<Combo> JVMS = List.of(
            KRYO_JAVA_READER,
            KRYO_JAVA_PUMP,
            JSON_JAVA_READER,
            JSON_JAVA_PUMP,
            KRYO_JAVA_MEMORY,
            KRYO_JAVA_LATENCY,
            JSON_JAVA_MEMORY_LATENCY);

    private static final String KILLS = "kill -9 of the child";
    private static final String HARM = "A child that stops, exits or harms itself";
    private static final String PIPES = "Pipes that are closed, held, not read, or bring damaged bytes";

    static final List<Row> ALL = List.of(
            kill("kill.before-hello", "before HELLO", HELD),
            kill("kill.before-ready", "after HELLO, before READY", WIDE),
            kill("kill.idle", "idle", WIDE),
            kill("kill.request-half-written", "half a request written", WIDE),
            kill("kill.attachment-half-written", "half an attachment written", WIDE),
            kill("kill.request-unstarted", "request read but not started", HELD),
            kill("kill.handler-running", "handler running", WIDE),
            kill("kill.progress-sent", "progress sent", WIDE),
            kill("kill.stream", "in the midst of a stream that it sends", WIDE),
            kill("kill.upload", "in the midst of a stream that it takes", WIDE),
            kill("kill.reply-half-written", "half a reply written", HELD),
            kill("kill.reply-unread", "reply written before the parent reads it", HELD),
            kill("kill.closing", "during close", WIDE),
            kill("kill.broadcast", "during a broadcast", WIDE),
            kill("kill.quick-calls", "amid calls, each right behind the other", NEW_WAYS),
            kill("kill.full-pipe", "with a full pipe or ring", HELD),
            new Row(
                    KILLS,
                    "kill.argument-file",
                    "whose class path is in a temporary file",
                    List.of(KRYO_JAVA_READER, KRYO_JAVA_PUMP),
                    2,
                    20),
            harm("stop.deadline", "SIGSTOP, a call goes over its deadline, SIGCONT", WIDE),
            harm("stop.close", "SIGSTOP, then close", WIDE),
            harm("exit.0", "exit 0 inside the handler", WIDE),
            harm("exit.1", "exit 1 inside the handler", WIDE),
            harm("exit.system-exit", "System.exit, sys.exit inside the handler", WIDE),
            harm("exit.segv", "SEGV while the handler runs", WIDE),
            harm("harm.memory", "out of memory inside the handler", WIDE),
            harm("harm.memory-exit", "out of memory, with ExitOnOutOfMemoryError", JVMS),
            harm("harm.stack", "stack overflow inside the handler", WIDE),
            pipe("pipe.stdout-closed", "the child closes its stdout, or what rings for its memory, and lives", HELD),
            pipe(
                    "pipe.grandchild-holds",
                    "kill -9 of a child whose own child holds its stdout",
                    all(EVERY, List.of(KRYO_JAVA_LATENCY))),
            pipe("pipe.child-deaf", "the child never reads again", HELD),
            pipe("pipe.parent-deaf", "the parent never reads again", HELD),
            pipe("pipe.both-deaf", "neither reads again", HELD),
            new Row(PIPES, "pipe.ring-damaged", "what stands in the shared memory is overwritten", MEMORY, 1, 100),
            new Row(PIPES, "pipe.damaged", "what comes in is cut, altered, or among other bytes", OF_PYTHON, 2, 100),
            orphan("parent.idle", "idle children", 1),
            orphan("parent.busy", "busy children, one of which never waits", 1),
            orphan("parent.stopped", "stopped children, which then go on", 1),
            orphan("parent.grandchildren", "JVM children, each with a child as the column says", 1),
            load("load.descriptors", "a living parent runs out of file descriptors", HELD, 1, 20),
            load("load.calls", "kill -9 of a child with 10,000 calls in flight", WIDE, 1, 20),
            load("load.children", "200 children at once", List.of(JSON_PYTHON), 1, 3),
            load("load.jvms", "200 JVM children at once", List.of(KRYO_JAVA_READER, JSON_JAVA_PUMP), 0, 1));

    private ProcessRows() {}

    private static List<Combo> all(List<Combo> some, List<Combo> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private static Row kill(String id, String what, List<Combo> combos) {
        return new Row(KILLS, id, what, combos, 5, 100);
    }

    private static Row harm(String id, String what, List<Combo> combos) {
        return new Row(HARM, id, what, combos, 1, 20);
    }

    private static Row pipe(String id, String what, List<Combo> combos) {
        return new Row(PIPES, id, what, combos, 1, 20);
    }

    /** Four rows and thirteen combos: 2,600 at night. */
    private static Row orphan(String id, String what, int verifyCases) {
        return new Row("kill -9 of the parent", id, what, all(all(EVERY, SOCKETS), MEMORY), verifyCases, 50);
    }

    private static Row load(String id, String what, List<Combo> combos, int verifyCases, int nightCases) {
        return new Row("Much at once, and little to be had", id, what, combos, verifyCases, nightCases);
    }
}
