package dev.streamipc.faults;

import dev.streamipc.channel.RingTap;
import dev.streamipc.faults.Calls.Brought;
import dev.streamipc.faults.Calls.Cargo;
import dev.streamipc.faults.Calls.Done;
import dev.streamipc.faults.Calls.Flow;
import dev.streamipc.faults.Calls.Heard;
import dev.streamipc.faults.Calls.HeardSoFar;
import dev.streamipc.faults.Calls.Note;
import dev.streamipc.faults.Calls.Work;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.process.Child;
import dev.streamipc.process.StdioTakeover;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Limits;
import dev.streamipc.session.PartSink;
import dev.streamipc.session.PartStream;
import dev.streamipc.session.RequestContext;
import dev.streamipc.session.Role;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A child that behaves as it is asked, and stands still where it is told to: see {@code child.py} for its twin. */
final class FaultChild {

    static final int STREAMED_PARTS = 10;

    private static final boolean IS_OVER_MEMORY = "shared-memory".equals(System.getenv("STREAMIPC_CHANNEL"));

    private final IpcSession session;
    private final Hook hook;
    private final int holdAtNote;
    private int notes;
    private boolean inOrder = true;

    private FaultChild(IpcSession session, Hook hook, int holdAtNote) {
        this.session = session;
        this.hook = hook;
        this.holdAtNote = holdAtNote;
    }

    /** Takes the drive, the folder, and the point to stand still at. */
    public static void main(String[] args) throws Exception {
        Hook hook = new Hook(Path.of(args[1]));
        String at = args[2];
        if (at.equals("before-hello")) {
            hook.hold(at);
        }
        try (IpcPeer peer = peer(args[0])) {
            serve(session(peer, hook, at), hook, args);
        }
    }

    private static IpcSession session(IpcPeer peer, Hook hook, String at) {
        boolean isDeaf = at.startsWith("deaf");
        if (isDeaf && !IS_OVER_MEMORY) {
            return peer.createSession(new DeafChannel(StdioTakeover.take(), hook), Role.CHILD);
        }
        IpcSession session = peer.createStdioSession();
        if (isDeaf) {
            RingTap.of(session).put(new DeafRing(hook));
        }
        return session;
    }

    /** Little is buffered, as a child has a small heap. */
    private static IpcPeer peer(String drive) {
        IpcPeer.Builder builder =
                IpcPeer.builder().messages(Calls.ALL).limits(Limits.DEFAULT.withMaxOutboundBytes(4 << 20));
        return (drive.endsWith(Combo.LOW_LATENCY) ? builder.lowLatency() : builder).build();
    }

    private static void serve(IpcSession session, Hook hook, String[] args) throws InterruptedException {
        String at = args[2];
        int holdAtNote = at.startsWith("note-") ? Integer.parseInt(at.substring("note-".length())) : -1;
        FaultChild child = new FaultChild(session, hook, holdAtNote);
        session.onRequest(Work.class, child::work);
        session.onRequest(Heard.class, heard -> new HeardSoFar(child.notes, child.inOrder));
        session.onMessage(Note.class, child::note);
        session.onRequest(Cargo.class, child::unload);
        session.onStream(Flow.class, child::flow);
        session.onUpload(Brought.class, child::take);
        if (at.equals("before-ready")) {
            hook.hold(at);
        }
        if (at.equals("await-go")) {
            hook.awaitGo(at);
        }
        if (args[0].startsWith("pump")) {
            session.serve();
        } else {
            session.start();
            session.awaitClosed(Duration.ofMinutes(10));
        }
    }

    private Done work(Work work, RequestContext context) throws Exception {
        hook.begin(work.id());
        if (work.how().equals("progress")) {
            context.progress(new Note(0, "under way"));
            hook.hold("progressed");
        }
        Done done = new Done(work.id(), behave(work));
        hook.end(work.id());
        return done;
    }

    private void note(Note note) {
        inOrder &= note.number() == notes;
        notes++;
        if (note.number() == holdAtNote) {
            hook.hold("note");
        }
    }

    private Done unload(Cargo cargo) {
        hook.begin(cargo.id());
        hook.end(cargo.id());
        return new Done(cargo.id(), "fill");
    }

    private void flow(Flow flow, PartSink<Note> notes) {
        hook.begin(flow.id());
        for (int i = 0; i < STREAMED_PARTS; i++) {
            notes.send(new Note(i, "x"));
        }
        hook.hold("streamed");
    }

    private Done take(Brought brought, PartStream<Note> notes, RequestContext context) {
        hook.begin(brought.id());
        Iterator<Note> each = notes.iterator();
        for (int i = 0; i < STREAMED_PARTS; i++) {
            inOrder &= each.next().number() == i;
        }
        hook.hold(inOrder ? "taken" : "disordered");
        return new Done(brought.id(), "fill");
    }

    private String behave(Work work) throws Exception {
        switch (work.how()) {
            case "hold" -> hook.hold("handler");
            case "spin" -> hook.spin("handler");
            case "wait" -> hook.awaitGo("handler");
            case "close" -> {
                session.close();
                hook.hold("closing");
            }
            case "flood" -> flood();
            case "close-stdout" -> closeStdout();
            case "raise" -> raise(work.fill());
            default -> new Harm(hook).by(work.how());
        }
        return work.how().equals("big") ? "x".repeat(1 << 20) : work.fill();
    }

    /** Starts a child of its own, which stays for as long as this process does. */
    private void raise(String words) {
        IpcSession grandchild = IpcPeer.builder()
                .messages(Calls.ALL)
                .build()
                .spawn(Child.command(words.split("\n", -1)).name("grandchild"));
        grandchild.call(new Work(0, "warm", ""));
        hook.mark("raised");
    }

    /** Or what rings over shared memory; either way without a word to the session. */
    private void closeStdout() throws IOException {
        if (IS_OVER_MEMORY) {
            RingTap.of(session).cutBells();
        } else {
            new FileOutputStream(FileDescriptor.out).close();
        }
        hook.hold("stdout-closed");
    }

    /** Sends notes until the buffer is full, which it gets if nobody reads. */
    private void flood() {
        List<Integer> sent = new ArrayList<>();
        try {
            while (sent.size() < 1_000_000) {
                session.notify(new Note(sent.size(), "x".repeat(64 << 10)));
                sent.add(sent.size());
            }
        } catch (IpcFailure full) {
            hook.hold("flooded");
        }
    }
}
