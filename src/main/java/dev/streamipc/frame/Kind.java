package dev.streamipc.frame;

import org.jspecify.annotations.Nullable;

/** What a frame is for. The numbers are those of docs/PROTOCOL.md, section 2. */
public enum Kind {
    /** The first frame of each side: who it is and what it speaks. */
    HELLO(1, true, Flags.PAYLOAD_CRC),
    /** The program has set up its handlers. */
    READY(2, true, Flags.PAYLOAD_CRC),
    /** A call. */
    REQUEST(
            3,
            false,
            Flags.PAYLOAD_CRC
                    | Flags.ATTACHMENTS
                    | Flags.WANT_STARTED
                    | Flags.WANT_PROGRESS
                    | Flags.WANT_PARTS
                    | Flags.BRINGS_PARTS
                    | Flags.ATTEMPT),
    /** The answer to a call. */
    REPLY(4, false, Flags.PAYLOAD_CRC | Flags.ATTACHMENTS),
    /** Why a call has no answer. */
    FAILURE(5, false, Flags.PAYLOAD_CRC),
    /** A message that wants no answer. */
    NOTIFY(6, true, Flags.PAYLOAD_CRC | Flags.ATTACHMENTS),
    /** The handler of a call is about to be entered. */
    STARTED(7, false, Flags.PAYLOAD_CRC),
    /** News of a call that goes on. */
    PROGRESS(8, false, Flags.PAYLOAD_CRC | Flags.ATTACHMENTS | Flags.MERGED),
    /** The asker no longer waits. */
    CANCEL(9, false, Flags.PAYLOAD_CRC),
    /** Asks for a PONG, in its place in the order. */
    PING(10, false, Flags.PAYLOAD_CRC),
    /** Everything before its PING was decoded. */
    PONG(11, false, Flags.PAYLOAD_CRC),
    /** The sender starts nothing any more. */
    GOODBYE(12, true, Flags.PAYLOAD_CRC),
    /** What is left of a frame that was taken back; readers skip it. */
    VOID(13, false, Flags.PAYLOAD_CRC),
    /** A piece of a large message, where both sides named the feature. */
    CHUNK(14, false, Flags.PAYLOAD_CRC | Flags.FIRST_CHUNK | Flags.LAST_CHUNK | Flags.ABANDONED),
    /** One of the many messages of a stream, or its end; where both sides named the feature. */
    PART(15, false, Flags.PAYLOAD_CRC | Flags.ATTACHMENTS | Flags.LAST_PART),
    /** How many parts of a stream are wanted; where both sides named the feature. */
    DEMAND(16, false, Flags.PAYLOAD_CRC);

    private static final Kind[] IN_ORDER = values();

    private final int number;
    private final boolean idMustBeZero;
    private final int allowedFlags;

    Kind(int number, boolean idMustBeZero, int allowedFlags) {
        this.number = number;
        this.idMustBeZero = idMustBeZero;
        this.allowedFlags = allowedFlags;
    }

    /**
     * Returns the kind with a number, those of features included.
     *
     * @param number the byte in the header, 0 to 255
     * @return the kind, or null if there is none
     */
    public static @Nullable Kind of(int number) {
        return number >= 1 && number <= IN_ORDER.length ? IN_ORDER[number - 1] : null;
    }

    /**
     * Returns the byte that stands for this kind in a header.
     *
     * @return 1 to 16
     */
    public int number() {
        return number;
    }

    /**
     * Returns whether a frame of this kind belongs to no call, so that its id is 0.
     *
     * @return true if it must be 0
     */
    public boolean idMustBeZero() {
        return idMustBeZero;
    }

    /**
     * Returns the bits of {@link Flags} that a frame of this kind may carry, those of features included.
     *
     * @return a set of bits
     */
    public int allowedFlags() {
        return allowedFlags;
    }

    /** Returns a bit of this kind's own. */
    int bit() {
        return 1 << number;
    }

    /**
     * Returns the word that version, kind and flags make in a header, as the encoder takes it.
     *
     * @param flags bits of {@link Flags}
     * @return the word
     * @throws IllegalArgumentException if this kind may not carry one of the flags
     */
    public int with(int flags) {
        if ((flags & ~allowedFlags) != 0) {
            throw new IllegalArgumentException("no such frame: kind=" + this + ", flags=0x" + Integer.toHexString(flags)
                    + ", allowedFlags=0x" + Integer.toHexString(allowedFlags));
        }
        return FrameHeader.word(number, flags);
    }
}
