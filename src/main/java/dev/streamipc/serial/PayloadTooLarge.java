package dev.streamipc.serial;

import java.io.IOException;

/** A message turned out larger than the receiving side accepts while it was being encoded. */
public final class PayloadTooLarge extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param maxPayloadBytes the limit that was passed
     */
    public PayloadTooLarge(int maxPayloadBytes) {
        super("payload over the limit: maxPayloadBytes=" + maxPayloadBytes
                + "; raise the limit on the receiving side, or send less");
    }
}
