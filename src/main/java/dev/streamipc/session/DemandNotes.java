package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.frame.Kind;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** Tells the other side how many parts are wanted. Where there is no room for a control frame it tries again. */
final class DemandNotes {

    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Outbound outbound;
    private final Scheduler scheduler;

    DemandNotes(Outbound outbound, Scheduler scheduler) {
        this.outbound = outbound;
        this.scheduler = scheduler;
    }

    /** Never blocks. A total that passes a later one on the way means nothing to the other side. */
    void tell(long id, long total) {
        byte[] payload = ByteBuffer.allocate(Long.BYTES).putLong(total).array();
        if (!outbound.control(Kind.DEMAND, id, payload)) {
            scheduler.schedule(() -> tell(id, total), AGAIN_NANOS);
        }
    }
}
