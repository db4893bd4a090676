package dev.streamipc.faults;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.faults.Calls.Work;
import dev.streamipc.process.Child;
import dev.streamipc.process.ChildProcess;
import dev.streamipc.process.OrphanWatch;
import dev.streamipc.process.StdioTakeover;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Role;
import java.util.List;

/** Loads the classes of a child and of a parent, so that an archive of them makes both start in half the time. */
final class Rehearsal {

    private Rehearsal() {}

    /** Takes a folder, for the child that this process then is. */
    public static void main(String[] args) throws Exception {
        converse(new KryoMessageSerializer());
        converse(new JsonMessageSerializer());
        List.of(
                        FaultChild.class,
                        FaultParent.class,
                        Child.class,
                        Harm.class,
                        ChildProcess.class,
                        OrphanWatch.class,
                        StdioTakeover.class)
                .forEach(Rehearsal::load);
        FaultChild.main(new String[] {"reader", args[0], ""});
    }

    private static void converse(MessageSerializer serializer) {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 16);
        try (IpcPeer peer =
                IpcPeer.builder().messages(Calls.ALL).serializers(serializer).build()) {
            IpcSession child = peer.createSession(pair.right(), Role.CHILD);
            child.onRequest(Work.class, work -> new Calls.Done(work.id(), work.fill()));
            child.start();
            IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
            parent.notify(new Calls.Note(0, ""));
            parent.call(new Work(1, "", "x"));
        }
    }

    private static void load(Class<?> type) {
        try {
            Class.forName(type.getName());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
