package dev.streamipc.flight;

import java.util.HexFormat;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The events as the Flight Recorder knows them. Needs the module {@code jdk.jfr}. */
@SuppressWarnings("unused") // the recorder reads the fields
final class JfrEvents {
    /*
     * Loading the first class of an event takes the JVM about 100 ms, which no child is to pay that nobody records. So
     * whoever comes here asks first whether the recorder has ever been used.
     */

    private static final String CATEGORY = "stream-ipc";

    private JfrEvents() {}

    /** Returns whether the recorder has been used in this JVM, by whomever. Loads no event. */
    static boolean isRecorderUp() {
        return FlightRecorder.isInitialized();
    }

    static boolean wantsRequests() {
        return RequestEvent.PROBE.isEnabled();
    }

    static void tell(FlightEvent event) {
        if (event instanceof FlightEvent.Spawn spawn) {
            new SpawnEvent(spawn).commit();
        } else if (event instanceof FlightEvent.Exit exit) {
            new ExitEvent(exit).commit();
        } else if (event instanceof FlightEvent.Request request) {
            new RequestEvent(request).commit();
        } else if (event instanceof FlightEvent.Stall stall) {
            new StallEvent(stall).commit();
        } else if (event instanceof FlightEvent.Junk junk) {
            new JunkEvent(junk).commit();
        } else if (event instanceof FlightEvent.Worker worker) {
            new WorkerEvent(worker).commit();
        }
    }

    @Name("dev.streamipc.Spawn")
    @Label("Child Spawn")
    @Description("A child process was started, or could not be")
    @Category(CATEGORY)
    @StackTrace(false)
    private static final class SpawnEvent extends Event {

        @Label("Child")
        private final String child;

        @Label("Process Id")
        @Description("-1 if it was not started")
        private final long pid;

        @Label("Executable")
        private final String executable;

        @Label("Failure")
        @Description("Why it was not started; empty if it was")
        private final String failure;

        @Label("Elapsed")
        @Timespan(Timespan.NANOSECONDS)
        private final long elapsed;

        SpawnEvent(FlightEvent.Spawn spawn) {
            child = spawn.child();
            pid = spawn.pid();
            executable = spawn.executable();
            failure = spawn.failure();
            elapsed = spawn.elapsedNanos();
        }
    }

    @Name("dev.streamipc.Exit")
    @Label("Child Exit")
    @Description("A child process ended")
    @Category(CATEGORY)
    @StackTrace(false)
    private static final class ExitEvent extends Event {

        @Label("Child")
        private final String child;

        @Label("Process Id")
        private final long pid;

        @Label("Exit Code")
        private final int exitCode;

        @Label("Signal")
        @Description("What the exit code stands for, if it is over 128; else empty")
        private final String signal;

        @Label("Uptime")
        @Timespan(Timespan.NANOSECONDS)
        private final long uptime;

        ExitEvent(FlightEvent.Exit exit) {
            child = exit.child();
            pid = exit.pid();
            exitCode = exit.exitCode();
            signal = exit.signal();
            uptime = exit.uptimeNanos();
        }
    }

    @Name("dev.streamipc.Request")
    @Label("Request")
    @Description("A call of this side got its outcome")
    @Category(CATEGORY)
    @StackTrace(false)
    private static final class RequestEvent extends Event {

        private static final RequestEvent PROBE = new RequestEvent(new FlightEvent.Request("", "", 0, "", "", 0));

        @Label("Session")
        private final String session;

        @Label("Type")
        private final String type;

        @Label("Request Id")
        @Description("In hex, as in logs and in the trace of the wire")
        private final String id;

        @Label("Outcome")
        @Description("Answered, or the type of the failure")
        private final String outcome;

        @Label("Phase")
        @Description("How far the call had come")
        private final String phase;

        @Label("Elapsed")
        @Description("From the request to its outcome")
        @Timespan(Timespan.NANOSECONDS)
        private final long elapsed;

        RequestEvent(FlightEvent.Request request) {
            session = request.session();
            type = request.type();
            id = HexFormat.of().toHexDigits(request.id());
            outcome = request.outcome();
            phase = request.phase();
            elapsed = request.elapsedNanos();
        }
    }

    @Name("dev.streamipc.Stall")
    @Label("Stall")
    @Description("The other side has read nothing for a while")
    @Category(CATEGORY)
    @StackTrace(false)
    private static final class StallEvent extends Event {

        @Label("Session")
        private final String session;

        @Label("Queued")
        @Description("What waits to be written")
        @DataAmount
        private final long queued;

        @Label("Stalled")
        @Description("For how long nothing was read")
        @Timespan(Timespan.NANOSECONDS)
        private final long stalled;

        StallEvent(FlightEvent.Stall stall) {
            session = stall.session();
            queued = stall.queuedBytes();
            stalled = stall.stalledNanos();
        }
    }

    @Name("dev.streamipc.Junk")
    @Label("Junk")
    @Description("Bytes of others stood between the frames")
    @Category(CATEGORY)
    @StackTrace(false)
    private static final class JunkEvent extends Event {

        @Label("Session")
        private final String session;

        @Label("Size")
        @DataAmount
        private final long size;

        JunkEvent(FlightEvent.Junk junk) {
            session = junk.session();
            size = junk.bytes();
        }
    }

    @Name("dev.streamipc.Worker")
    @Label("Worker")
    @Description("Something became of a worker of a dispatcher")
    @Category(CATEGORY)
    @StackTrace(false)
    private static final class WorkerEvent extends Event {

        @Label("Worker")
        private final String worker;

        @Label("What")
        @Description("Started, Ready, Died, Killed, Recycled, Stopped, Tripped or Stalled")
        private final String what;

        @Label("Facts")
        @Description("Why, with the numbers")
        private final String facts;

        WorkerEvent(FlightEvent.Worker event) {
            worker = event.worker();
            what = event.what();
            facts = event.facts();
        }
    }
}
