package dev.streamipc.frame;

import org.jspecify.annotations.Nullable;

/** Knows where the attachments of an answer may land, instead of in memory that is taken for them. */
@FunctionalInterface
public interface LandingPlaces {

    /** Takes memory for all. */
    LandingPlaces NONE = (id, bytes) -> null;

    /**
     * Returns where the attachments of the answer to a call go; on the thread that reads, once for each answer.
     *
     * @param id the request id
     * @param bytes how many bytes of attachments there are in all
     * @return null if memory is to be taken for them
     */
    @Nullable
    Landing of(long id, int bytes);

    /**
     * Runs something short that takes much memory, on another thread than the one that reads; by default never.
     *
     * @param taking may be left out
     */
    default void ahead(Runnable taking) {}
}
