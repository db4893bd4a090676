package dev.streamipc.flight;

/** What there is to record, as values. Texts that are not known are empty. */
public sealed interface FlightEvent {

    /**
     * A child process was started, or could not be.
     *
     * @param child its name
     * @param pid its process id, -1 if it was not started
     * @param executable the first word of its command
     * @param failure why it was not started, empty if it was
     * @param elapsedNanos what the start took, waits for other starts included
     */
    record Spawn(String child, long pid, String executable, String failure, long elapsedNanos) implements FlightEvent {}

    /**
     * A child process ended.
     *
     * @param child its name
     * @param pid its process id
     * @param exitCode what the operating system says
     * @param signal the name of the signal that the exit code stands for, empty if none
     * @param uptimeNanos from the start to the end
     */
    record Exit(String child, long pid, int exitCode, String signal, long uptimeNanos) implements FlightEvent {}

    /**
     * A call of this side got its outcome.
     *
     * @param session the name of the session
     * @param type the simple name of the request's class
     * @param id all 64 bits of the request id
     * @param outcome {@code Answered}, or the simple name of the failure
     * @param phase how far the call had come: QUEUED, SENT or RUNNING; ANSWERED if the other side answered
     * @param elapsedNanos from the request to the outcome
     */
    record Request(String session, String type, long id, String outcome, String phase, long elapsedNanos)
            implements FlightEvent {}

    /**
     * What this side sends was not read for a while.
     *
     * @param session the name of the session
     * @param queuedBytes what waits to be written
     * @param stalledNanos for how long nothing was read
     */
    record Stall(String session, long queuedBytes, long stalledNanos) implements FlightEvent {}

    /**
     * Bytes of others stood between the frames.
     *
     * @param session the name of the session
     * @param bytes how many came in at once
     */
    record Junk(String session, int bytes) implements FlightEvent {}

    /**
     * Something became of a worker of a dispatcher.
     *
     * @param worker its name
     * @param what Started, Ready, Died, Killed, Recycled, Stopped, Tripped or Stalled
     * @param facts why, with the numbers; empty if there is nothing to say
     */
    record Worker(String worker, String what, String facts) implements FlightEvent {}
}
