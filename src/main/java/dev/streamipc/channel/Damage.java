package dev.streamipc.channel;

import java.io.IOException;

/** What is said of shared memory that can't be gone on with. */
final class Damage {

    private Damage() {}

    static IOException of(String word, long value, long least, long most) {
        return new IOException("shared memory is damaged: word=" + word + ", value=" + value + ", least=" + least
                + ", most=" + most + "; find out who else writes to it");
    }

    /** The JVM says so where the system ends other programs: a page is not there any more. */
    static IOException gone(InternalError fault) {
        return new IOException(
                "shared memory is gone: cause=" + fault.getMessage() + "; find out who has cut its file short", fault);
    }
}
