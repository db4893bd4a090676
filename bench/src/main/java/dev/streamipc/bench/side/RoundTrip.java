package dev.streamipc.bench.side;

import dev.streamipc.bench.side.Echo.Ask;
import dev.streamipc.process.Child;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;

/** One call after the other over stdio. */
public final class RoundTrip {

    private RoundTrip() {}

    /** Takes what the child does: inline or executor; or lowlatency, which is this side's knob. */
    public static void main(String[] words) throws Exception {
        boolean isPolling = words[0].equals("lowlatency");
        IpcPeer.Builder builder = Echo.peer();
        if (isPolling) {
            Knobs.lowLatency(builder);
        }
        try (IpcPeer peer = builder.build()) {
            IpcSession child = peer.spawn(Child.java(Echo.class).arguments(isPolling ? "inline" : words[0]));
            child.call(new Ask(0));
            Pin.child(child.process().orElseThrow().pid());
            Turns.answerOne(() -> Timing.p50Micros(() -> child.call(new Ask(1))));
        }
    }
}
