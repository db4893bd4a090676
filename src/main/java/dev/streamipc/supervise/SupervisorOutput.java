package dev.streamipc.supervise;

import org.jspecify.annotations.Nullable;

/** What a supervisor has to do, in order. None blocks. */
sealed interface SupervisorOutput {

    record StartLife(long life, ChildSpec spec) implements SupervisorOutput {}

    record StopLife(long life) implements SupervisorOutput {}

    record KillLife(long life) implements SupervisorOutput {}

    /** A life is over, or given up for lost: let go of it. */
    record ForgetLife(long life) implements SupervisorOutput {}

    record Tell(SupervisionEvent event) implements SupervisorOutput {}

    /** Answer a ticket; null if what was asked for has come to be. */
    record Answer(long ticket, @Nullable Exception failure) implements SupervisorOutput {}

    /** All children have started. */
    record HasStarted() implements SupervisorOutput {}

    /** No child is left; nothing follows. */
    record HasEnded(@Nullable Throwable failure) implements SupervisorOutput {}
}
