package dev.streamipc.faults;

import dev.streamipc.channel.RingTap;
import java.nio.file.Files;

/** A reader of shared memory that stops for good once the test says go, as a {@link DeafChannel} does. */
final class DeafRing implements RingTap.Valve {

    private final Hook hook;
    private volatile boolean deaf;

    DeafRing(Hook hook) {
        this.hook = hook;
    }

    @Override
    public boolean mayLook() {
        if (deaf) {
            hook.hold("deaf");
        }
        return true;
    }

    @Override
    public void hasRead() {
        deaf = Files.exists(hook.folder().resolve(Hook.GO));
    }
}
