package dev.streamipc.supervise;

import dev.streamipc.clock.Scheduler;
import java.util.function.Consumer;

/**
 * What a supervisor runs in; one below another inherits it.
 *
 * @param path names from the root on, the supervisor's own last
 * @param executor runs the code of users
 * @param scheduler the time
 * @param seed where the chance in backoffs comes from
 * @param above told all that happens here and below
 */
record Surroundings(String path, UsersCode executor, Scheduler scheduler, long seed, Consumer<SupervisionEvent> above) {

    /** Returns what a child runs in, which may be a supervisor; each of its lives has another seed. */
    Surroundings below(String name, long life, Consumer<SupervisionEvent> told) {
        return new Surroundings(path + "/" + name, executor, scheduler, Chance.mix(seed + life), told);
    }
}
