package dev.streamipc.bench.side;

import dev.streamipc.bench.side.Echo.Ask;
import dev.streamipc.process.Child;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;

/** Many requests open at a time over stdio, from one thread. */
public final class Pipelined {

    private Pipelined() {}

    /** Takes what the child does, inline or executor, and how many are open. */
    public static void main(String[] words) throws Exception {
        int window = Integer.parseInt(words[1]);
        try (IpcPeer peer = Echo.peer().build()) {
            IpcSession child = peer.spawn(Child.java(Echo.class).arguments(words[0]));
            Turns.answerOne(() -> Timing.perSecond(window, number -> child.request(new Ask(number))));
        }
    }
}
