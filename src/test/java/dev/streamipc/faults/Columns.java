package dev.streamipc.faults;

/** Which columns are run: all, unless the system property {@code streamipc.columns} says which, by a pattern. */
final class Columns {

    private static final String PATTERN = System.getProperty("streamipc.columns", "");

    private Columns() {}

    /** Returns whether only some are run, so that what is known of the others stays. */
    static boolean areSome() {
        return !PATTERN.isEmpty();
    }

    static boolean isChosen(Combo combo) {
        return !areSome() || combo.label().matches(PATTERN);
    }
}
