package dev.streamipc.bench.side;

import dev.streamipc.bench.side.Echo.Ask;
import dev.streamipc.process.Child;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import java.io.IOException;
import java.nio.file.Path;

/** From spawn to the first answer of a child. */
public final class Start {

    private static final int STARTS = 3;
    private static final int WARM_UP = 3;

    private Start() {}

    /** Takes plain or archive and a folder, or python and a script and its interpreter. */
    public static void main(String[] words) throws Exception {
        try (IpcPeer peer = Echo.peer().build()) {
            Child child = switch (words[0]) {
                case "plain" -> Child.java(Echo.class);
                case "archive" -> archived(peer, Archive.emptied(words[1]));
                default -> Child.python(words[1]).interpreter(Path.of(words[2]));
            };
            Turns.answer(WARM_UP, () -> starts(peer, child));
        }
    }

    /** The first child of all makes the archive when it ends; its start is not measured. */
    private static Child archived(IpcPeer peer, Archive archive) throws IOException {
        Child child = Child.java(Echo.class).classArchive(archive.folder());
        once(peer, child);
        archive.await();
        return child;
    }

    private static double[] starts(IpcPeer peer, Child child) {
        double[] millis = new double[STARTS];
        for (int at = 0; at < STARTS; at++) {
            millis[at] = once(peer, child);
        }
        return millis;
    }

    private static double once(IpcPeer peer, Child child) {
        long start = System.nanoTime();
        try (IpcSession session = peer.spawn(child)) {
            session.call(new Ask(1));
            return (System.nanoTime() - start) / 1e6;
        }
    }
}
