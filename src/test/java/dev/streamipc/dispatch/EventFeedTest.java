package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.message.StartFailed;
import dev.streamipc.session.Subscription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Observers of workers, and the Flight Recorder. */
class EventFeedTest {

    private static final OptionalLong PID = OptionalLong.of(4711);
    private static final DispatcherEvent STARTED = new DispatcherEvent.Started("w-1", 1);

    private final List<DispatcherEvent> seen = new ArrayList<>();

    @Test
    void aPausedObserverIsLeftOutAndAClosedOneIsGone() {
        EventFeed feed = new EventFeed(Runnable::run, Runnable::run);
        Subscription observer = feed.add(seen::add);

        feed.tell(STARTED);
        observer.pause();
        feed.tell(STARTED);
        observer.resume();
        feed.tell(STARTED);
        observer.close();
        feed.tell(STARTED);

        assertEquals(2, seen.size());
    }

    @Test
    void anObserverThatThrowsHarmsNoOther() {
        EventFeed feed = new EventFeed(Runnable::run, Runnable::run);
        feed.add(event -> {
            throw new IllegalStateException("planted");
        });
        feed.add(seen::add);

        feed.tell(STARTED);

        assertEquals(List.of(STARTED), seen);
    }

    @Test
    void whatASlowObserverCantTakeIsLeftOut() {
        List<Runnable> tasks = new ArrayList<>();
        EventFeed feed = new EventFeed(tasks::add, Runnable::run);
        feed.add(seen::add);

        for (int count = 0; count < EventFeed.MAX_WAITING + 100; count++) {
            feed.tell(STARTED);
        }
        tasks.forEach(Runnable::run);

        assertEquals(EventFeed.MAX_WAITING, seen.size());
    }

    @Test
    void theFlightRecorderIsTold(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("workers.jfr");
        EventFeed feed = new EventFeed(Runnable::run, Runnable::run);
        try (Recording recording = new Recording()) {
            recording.start();
            feed.tell(STARTED);
            feed.tell(new DispatcherEvent.Died("w-1", PID, new StartFailed("planted", List.of(), null, null)));
            feed.tell(new DispatcherEvent.Recycled("w-1", PID, RestartReason.AGE, "ageMs=5"));
            feed.tell(new DispatcherEvent.Killed("w-1", PID, "Sleep", Duration.ofMillis(7)));
            feed.tell(new DispatcherEvent.Tripped("w-1", null));
            recording.dump(file);
        }

        List<String> told = new ArrayList<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            if (event.getEventType().getName().equals("dev.streamipc.Worker")
                    && event.getString("worker").equals("w-1")) {
                told.add(event.getString("what") + ": " + event.getString("facts"));
            }
        }
        Files.delete(file);

        assertEquals(
                List.of(
                        "Started: ",
                        "Died: start failed: planted",
                        "Recycled: AGE, ageMs=5",
                        "Killed: task=Sleep, graceMs=7",
                        "Tripped: null"),
                told);
    }
}
