package dev.streamipc.process;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the process that was our parent at the first look still is.
 *
 * <p>Not {@link ProcessHandle#onExit()}: for a process that is not our child the JDK looks too, at first every 0.3 s but
 * 30 ms later each time, up to 5 s; and it takes a dead parent that nobody has reaped for a living one. A changed
 * parent shows both at once. One look costs some 10 us, the first one 10 ms.
 */
final class ParentLook implements BooleanSupplier {

    private final ProcessHandle self = ProcessHandle.current();
    private final @Nullable ProcessHandle parent = self.parent().orElse(null);

    /** Returns true if the parent is gone; never, if it could not be seen in the first place, as across containers. */
    @Override
    public boolean getAsBoolean() {
        if (parent == null) {
            return false;
        }
        Optional<ProcessHandle> now = self.parent();
        return now.isPresent() ? !now.get().equals(parent) : isReallyGone();
    }

    /** A process that is out of file descriptors sees no process at all: itself neither. */
    private boolean isReallyGone() {
        return seesItself() && self.parent().isEmpty() && seesItself();
    }

    private boolean seesItself() {
        return ProcessHandle.of(self.pid()).isPresent();
    }
}
