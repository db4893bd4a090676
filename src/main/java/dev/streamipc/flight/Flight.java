package dev.streamipc.flight;

/**
 * Hands events to the Flight Recorder, if this JVM has one and it records. For all threads; throws nothing and waits for
 * nothing but, the first time that something is recorded, the loading of a class.
 */
public final class Flight {

    /** The classes that name the module are loaded only where it is. */
    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private Flight() {}

    /**
     * Records an event. Does nothing while nobody records.
     *
     * @param event what happened, just now
     */
    public static void tell(FlightEvent event) {
        if (PRESENT && JfrEvents.isRecorderUp()) {
            JfrEvents.tell(event);
        }
    }

    /**
     * Returns whether requests are recorded now, so that nobody makes an event for nothing. Costs a look at two fields.
     *
     * @return true while a recording runs that has them enabled
     */
    public static boolean wantsRequests() {
        return PRESENT && JfrEvents.isRecorderUp() && JfrEvents.wantsRequests();
    }
}
