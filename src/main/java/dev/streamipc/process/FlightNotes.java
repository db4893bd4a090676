package dev.streamipc.process;

import dev.streamipc.flight.Flight;
import dev.streamipc.flight.FlightEvent;
import dev.streamipc.message.StartFailed;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Records the starts and the ends of children for the Flight Recorder. */
final class FlightNotes {

    private static final long NOT_STARTED = -1;

    private FlightNotes() {}

    /** Runs a start, on this thread, and records how it went. */
    static Spawner.Spawned spawn(String child, Supplier<Spawner.Spawned> start, ToLongFunction<Process> pid) {
        long startNanos = System.nanoTime();
        try {
            Spawner.Spawned spawned = start.get();
            long number = pid.applyAsLong(spawned.process());
            Flight.tell(new FlightEvent.Spawn(child, number, first(spawned.command()), "", since(startNanos)));
            return spawned;
        } catch (StartFailed failure) {
            String why = String.valueOf(failure.getMessage());
            Flight.tell(new FlightEvent.Spawn(child, NOT_STARTED, first(failure.command()), why, since(startNanos)));
            throw failure;
        }
    }

    private static String first(List<String> command) {
        return command.isEmpty() ? "" : command.get(0);
    }

    private static long since(long startNanos) {
        return System.nanoTime() - startNanos;
    }

    /** Records the end of a process, which has come. */
    static void exited(String child, long pid, int exitCode, long uptimeNanos) {
        String signal = Signals.inferred(exitCode).orElse("");
        Flight.tell(new FlightEvent.Exit(child, pid, exitCode, signal, uptimeNanos));
    }
}
