package dev.streamipc.dispatch;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One worker as it was at one moment.
 *
 * @param name what it is called
 * @param state where it stands
 * @param pid its process; empty if it is a thread or none is there
 * @param outstanding how many tasks it has
 * @param task the type or name of the first of them; empty if there is none
 * @param settled how many tasks it has ended, under this name
 * @param starts how often it was started, under this name
 * @param age since it got ready; zero if it is not
 * @param residentBytes its memory as it was last seen, once a second; empty before, elsewhere than on Linux, and for a thread
 * @param lastFailure what ended it the last time; empty if nothing has
 */
public record WorkerSnapshot(
        String name,
        WorkerState state,
        OptionalLong pid,
        int outstanding,
        Optional<String> task,
        long settled,
        long starts,
        Duration age,
        OptionalLong residentBytes,
        Optional<Throwable> lastFailure) {}
