package dev.streamipc.session;

import dev.streamipc.frame.Landing;
import dev.streamipc.frame.LandingPlaces;
import org.jspecify.annotations.Nullable;

/**
 * Where what is large comes down: memory of callers, and memory that is taken on the thread that decodes it later.
 *
 * @param callers those who wait for answers
 */
record Grounds(LandingPlaces callers, Lane lane) implements LandingPlaces {

    @Override
    public @Nullable Landing of(long id, int bytes) {
        return callers.of(id, bytes);
    }

    @Override
    public void ahead(Runnable taking) {
        lane.add(Lane.NO_CALL, 0, taking);
    }
}
