package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.flight.Flight;
import dev.streamipc.flight.FlightEvent;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.StartFailed;
import dev.streamipc.process.Child;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the Flight Recorder is told, and that a JVM without one works as well. */
@Timeout(60)
class FlightTest {

    private static final String PREFIX = "dev.streamipc.";

    private static final String CHILD = """
            from streamipc import Session, message

            print("noise from before", flush=True)

            @message(name="Samples.Ask")
            class Ask:
                text: str

            @message(name="Samples.Answer")
            class Answer:
                text: str

            session = Session.stdio()

            @session.on_request(Ask)
            def handle(ask):
                if ask.text == "fail":
                    raise ValueError("as told")
                return Answer(ask.text)

            session.serve()
            """;

    @Test
    void recordingHoldsTheLifeOfAChild(@TempDir Path folder) throws Exception {
        Path script = Files.writeString(folder.resolve("child.py"), CHILD);
        assertFalse(Flight.wantsRequests());
        List<RecordedEvent> events;
        long pid;
        String name;
        try (Recording recording = started(folder)) {
            assertTrue(Flight.wantsRequests());
            try (IpcPeer peer = IpcPeer.builder().messages(Ask.class).build()) {
                IpcSession session = peer.spawn(Child.python(script).name("tested"));
                pid = session.process().orElseThrow().pid();
                name = session.name();
                use(session);
                session.close();
                session.exited().join();
            }
            Flight.tell(new FlightEvent.Stall("a-session", 4_096, TimeUnit.SECONDS.toNanos(7)));
            events = stopped(recording);
        }
        assertFalse(Flight.wantsRequests());
        assertChild(events, pid);
        assertRequests(events, name);
        assertBytes(events, name);
    }

    private static void use(IpcSession session) {
        assertEquals(new Answer("hi"), session.call(new Ask("hi")));
        assertThrows(RemoteFailure.class, () -> session.call(new Ask("fail")));
        assertThrows(IpcFailure.class, () -> session.call(new Ask("x".repeat(17 << 20))));
        assertThrows(
                DeadlinePassed.class, () -> session.call(new Ask("late"), CallOptions.deadline(Duration.ofNanos(1))));
    }

    private static void assertChild(List<RecordedEvent> events, long pid) {
        RecordedEvent spawn = only(events, "Spawn");
        assertEquals("tested", spawn.getString("child"));
        assertEquals(pid, spawn.getLong("pid"));
        assertTrue(spawn.getString("executable").contains("python"), spawn::toString);
        assertEquals("", spawn.getString("failure"));
        assertTrue(spawn.getDuration("elapsed").toNanos() > 0);

        RecordedEvent exit = only(events, "Exit");
        assertEquals("tested", exit.getString("child"));
        assertEquals(pid, exit.getLong("pid"));
        assertEquals(0, exit.getInt("exitCode"));
        assertEquals("", exit.getString("signal"));
        assertTrue(exit.getDuration("uptime").toNanos() > 0);
    }

    private static void assertRequests(List<RecordedEvent> events, String session) {
        List<RecordedEvent> requests = named(events, "Request");
        List<String> ends = new ArrayList<>();
        for (RecordedEvent request : requests) {
            assertEquals(session, request.getString("session"));
            assertEquals("Ask", request.getString("type"));
            assertEquals(16, request.getString("id").length());
            assertTrue(request.getDuration("elapsed").toNanos() > 0);
            ends.add(request.getString("outcome") + " " + request.getString("phase"));
        }
        assertEquals(
                4,
                requests.stream()
                        .map(request -> request.getString("id"))
                        .distinct()
                        .count());
        Collections.sort(ends);
        assertTrue(ends.get(1).matches("DeadlinePassed (QUEUED|SENT|ANSWERED)"), ends::toString);
        ends.remove(1);
        assertEquals(List.of("Answered ANSWERED", "Rejected QUEUED", "RemoteFailure ANSWERED"), ends);
    }

    private static void assertBytes(List<RecordedEvent> events, String session) {
        List<RecordedEvent> junk = named(events, "Junk");
        assertTrue(junk.stream().allMatch(piece -> piece.getString("session").equals(session)), junk::toString);
        assertEquals(
                "noise from before\n".length(),
                junk.stream().mapToLong(piece -> piece.getLong("size")).sum());

        RecordedEvent stall = only(events, "Stall");
        assertEquals("a-session", stall.getString("session"));
        assertEquals(4_096, stall.getLong("queued"));
        assertEquals(Duration.ofSeconds(7), stall.getDuration("stalled"));
    }

    @Test
    void childThatCanNotBeStartedIsRecorded(@TempDir Path folder) throws Exception {
        try (Recording recording = started(folder);
                IpcPeer peer = IpcPeer.builder().build()) {
            StartFailed failure =
                    assertThrows(StartFailed.class, () -> peer.spawn(Child.command("/no/such/program", "s3cret")));

            RecordedEvent spawn = only(stopped(recording), "Spawn");
            assertEquals(-1, spawn.getLong("pid"));
            assertEquals("/no/such/program", spawn.getString("executable"));
            assertEquals(failure.getMessage(), spawn.getString("failure"));
        }
    }

    @Test
    void eventsSayWhatTheyAre(@TempDir Path folder) throws Exception {
        try (Recording recording = started(folder)) {
            Flight.tell(new FlightEvent.Spawn("", 1, "", "", 0));
            Flight.tell(new FlightEvent.Exit("", 1, 0, "", 0));
            Flight.tell(new FlightEvent.Request("", "", 1, "", "", 0));
            Flight.tell(new FlightEvent.Stall("", 0, 0));
            Flight.tell(new FlightEvent.Junk("", 0));
            Flight.tell(new FlightEvent.Worker("", "", ""));
            stopped(recording);
        }
        List<EventType> ours = FlightRecorder.getFlightRecorder().getEventTypes().stream()
                .filter(type -> type.getName().startsWith(PREFIX))
                .toList();
        assertEquals(6, ours.size());
        for (EventType type : ours) {
            assertEquals(List.of("stream-ipc"), type.getCategoryNames());
            assertTrue(type.getLabel() != null && type.getDescription() != null, type::getName);
            type.getFields().forEach(field -> assertTrue(field.getLabel() != null, type.getName() + field.getName()));
            assertEquals(ownFields(type), fieldsInThePage(type.getName()), type::getName);
        }
    }

    private static List<String> ownFields(EventType type) {
        List<String> everybodys = List.of("startTime", "duration", "eventThread", "stackTrace");
        return type.getFields().stream()
                .map(ValueDescriptor::getName)
                .filter(name -> !everybodys.contains(name))
                .toList();
    }

    private static List<String> fieldsInThePage(String event) throws Exception {
        String row = Files.readAllLines(Path.of("docs/WATCHING.md")).stream()
                .filter(line -> line.startsWith("| `" + event + "` |"))
                .findFirst()
                .orElseThrow();
        return Pattern.compile("`([a-z]\\w*)`")
                .matcher(row.substring(row.lastIndexOf(" | ")))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void jvmWithoutTheRecorderAsksAndAnswersAllTheSame() {
        String modules = "java.base,java.logging,java.management,java.xml,jdk.management,jdk.unsupported";
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession session = peer.spawn(Child.java(FlightlessChild.class).jvmOptions("--limit-modules=" + modules));

            assertEquals(new Answer("recorder=false, inside=hi, not spawned"), session.call(new Ask("hi")));
        }
    }

    @Test
    void whoRecordsNothingLoadsNoEvent(@TempDir Path folder) throws Exception {
        LoadedClasses child = LoadedClasses.of(FlightlessChild.class, folder);

        assertEquals(new Answer("recorder=true, inside=hi, not spawned"), child.answer());
        String loaded = child.classes();
        assertTrue(loaded.contains(Flight.class.getName() + " "));
        assertFalse(loaded.contains("JfrEvents$") || loaded.contains("jdk.jfr.Event "));
    }

    private static Recording started(Path folder) throws Exception {
        Recording recording = new Recording();
        recording.setDestination(folder.resolve("recording.jfr"));
        recording.start();
        return recording;
    }

    private static List<RecordedEvent> stopped(Recording recording) throws Exception {
        recording.stop();
        return RecordingFile.readAllEvents(recording.getDestination()).stream()
                .filter(event -> event.getEventType().getName().startsWith(PREFIX))
                .toList();
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(PREFIX + name))
                .toList();
    }

    private static RecordedEvent only(List<RecordedEvent> events, String name) {
        List<RecordedEvent> found = named(events, name);
        assertEquals(1, found.size(), found::toString);
        return found.get(0);
    }
}
