package dev.streamipc.session;

/**
 * The bounds of a session. All are finite; a bound in bytes may be passed by one frame.
 *
 * <p>At the outbound bound requests and notifications are refused, or wait, as {@link WhenFull} says, and answers of
 * handlers wait; while an answer waits no request or notification is taken. Cancels, pings, refusals that need no handler
 * and other control frames have a bound of their own beside it: 8 MiB.
 *
 * @param maxPayloadBytes the largest payload that this side accepts; 4 KiB to 1 GiB and 1 MiB more
 * @param maxCalls calls in flight from this side, and messages that wait for the other side's HELLO; 1 to 10 million
 * @param maxOutboundBytes frames of requests, notifications and answers that wait to be written. Each has 24 bytes at the
 *     least, which bounds their number. Before the other side's HELLO: messages that wait for it, each counted as the first
 *     serializer would write it
 * @param maxInboundItems requests and notifications that wait for a handler
 * @param maxInboundBytes their payloads
 * @param maxReceiveItems notifications without a handler that wait for {@code receive}; the oldest is dropped
 */
public record Limits(
        int maxPayloadBytes,
        int maxCalls,
        long maxOutboundBytes,
        int maxInboundItems,
        long maxInboundBytes,
        int maxReceiveItems) {

    /** 16 MiB. */
    public static final int DEFAULT_MAX_PAYLOAD_BYTES = 16 << 20;
    /** 65,536 calls. */
    public static final int DEFAULT_MAX_CALLS = 65_536;
    /** 128 MiB. */
    public static final long DEFAULT_MAX_OUTBOUND_BYTES = 128L << 20;
    /** 65,536 requests and notifications. */
    public static final int DEFAULT_MAX_INBOUND_ITEMS = 65_536;
    /** 128 MiB. */
    public static final long DEFAULT_MAX_INBOUND_BYTES = 128L << 20;
    /** 1,024 notifications. */
    public static final int DEFAULT_MAX_RECEIVE_ITEMS = 1_024;

    /** The defaults. */
    public static final Limits DEFAULT = new Limits(
            DEFAULT_MAX_PAYLOAD_BYTES,
            DEFAULT_MAX_CALLS,
            DEFAULT_MAX_OUTBOUND_BYTES,
            DEFAULT_MAX_INBOUND_ITEMS,
            DEFAULT_MAX_INBOUND_BYTES,
            DEFAULT_MAX_RECEIVE_ITEMS);

    static final int LEAST_MAX_PAYLOAD_BYTES = 4_096;
    /** A GiB, and what stands around it. */
    private static final int MOST_MAX_PAYLOAD_BYTES = (1 << 30) + (1 << 20);

    private static final long MOST_QUEUED_BYTES = 4L << 30;
    private static final int MOST_ITEMS = 10_000_000;

    /** Checks the ranges. */
    public Limits {
        check("maxPayloadBytes", maxPayloadBytes, LEAST_MAX_PAYLOAD_BYTES, MOST_MAX_PAYLOAD_BYTES);
        check("maxCalls", maxCalls, 1, MOST_ITEMS);
        check("maxOutboundBytes", maxOutboundBytes, 1, MOST_QUEUED_BYTES);
        check("maxInboundItems", maxInboundItems, 1, MOST_ITEMS);
        check("maxInboundBytes", maxInboundBytes, 1, MOST_QUEUED_BYTES);
        check("maxReceiveItems", maxReceiveItems, 1, MOST_ITEMS);
    }

    private static void check(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "limit out of range: " + name + "=" + value + ", least=" + least + ", most=" + most);
        }
    }

    /**
     * Returns these limits with another largest payload. Where a bound in bytes is less than two such payloads it becomes that,
     * so that others are taken beside a large one.
     *
     * @param bytes 4 KiB to 1 GiB and 1 MiB more
     * @return the limits
     */
    public Limits withMaxPayloadBytes(int bytes) {
        long two = Math.max(1, 2L * bytes);
        return new Limits(
                bytes,
                maxCalls,
                Math.max(maxOutboundBytes, two),
                maxInboundItems,
                Math.max(maxInboundBytes, two),
                maxReceiveItems);
    }

    /**
     * Returns these limits with another number of calls in flight.
     *
     * @param calls 1 to 10 million
     * @return the limits
     */
    public Limits withMaxCalls(int calls) {
        return new Limits(maxPayloadBytes, calls, maxOutboundBytes, maxInboundItems, maxInboundBytes, maxReceiveItems);
    }

    /**
     * Returns these limits with another outbound bound.
     *
     * @param bytes 1 byte to 4 GiB
     * @return the limits
     */
    public Limits withMaxOutboundBytes(long bytes) {
        return new Limits(maxPayloadBytes, maxCalls, bytes, maxInboundItems, maxInboundBytes, maxReceiveItems);
    }

    /**
     * Returns these limits with other bounds of the inbound queue.
     *
     * @param items 1 to 10 million
     * @param bytes 1 byte to 4 GiB
     * @return the limits
     */
    public Limits withMaxInbound(int items, long bytes) {
        return new Limits(maxPayloadBytes, maxCalls, maxOutboundBytes, items, bytes, maxReceiveItems);
    }

    /**
     * Returns these limits with another bound of the queue behind {@code receive}.
     *
     * @param items 1 to 10 million
     * @return the limits
     */
    public Limits withMaxReceiveItems(int items) {
        return new Limits(maxPayloadBytes, maxCalls, maxOutboundBytes, maxInboundItems, maxInboundBytes, items);
    }
}
