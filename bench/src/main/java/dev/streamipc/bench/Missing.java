package dev.streamipc.bench;

/**
 * A row that could not be measured.
 *
 * @param id of the row
 * @param against the baseline of it
 * @param why in words
 */
record Missing(String id, String against, String why) {

    String line() {
        return "MISSING " + id + " against=" + against + " why=" + why;
    }
}
