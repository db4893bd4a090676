package dev.streamipc.faults;

import java.util.Locale;

/** How many cases of each row are run: a few with every build, many at night. */
public enum Profile {
    VERIFY,
    NIGHT;

    /** Returns the profile of this run: the system property {@code streamipc.profile}, else VERIFY. */
    public static Profile current() {
        return of(System.getProperty("streamipc.profile", "verify"));
    }

    /** Returns the profile with this label. */
    static Profile of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** Returns the name as it stands in lines and documents. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
