package dev.streamipc.message;

/**
 * A call that was asked and has no outcome yet.
 *
 * @param id the id of its request
 * @param type the name of the request's type
 */
public record CallInFlight(long id, String type) {

    /**
     * Returns the id as logs and failures show it.
     *
     * @return hexadecimal digits
     */
    public String idText() {
        return Long.toHexString(id);
    }
}
