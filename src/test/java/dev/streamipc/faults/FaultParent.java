package dev.streamipc.faults;

import dev.streamipc.faults.Calls.Work;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.process.Child;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A parent in a JVM of its own: starts children, gives each the same work, says that it is ready, and then obeys its
 * stdin, a word a line: {@code call} calls the first child, {@code spawn} starts one more. Ends with its stdin.
 */
final class FaultParent {

    private final IpcPeer peer;
    private final Combo combo;
    private final Hook hook;
    private final List<String> childWords;
    private final List<IpcSession> sessions = new ArrayList<>();

    private FaultParent(IpcPeer peer, Combo combo, Hook hook, List<String> childWords) {
        this.peer = peer;
        this.combo = combo;
        this.hook = hook;
        this.childWords = childWords;
    }

    /** Takes the combo, the folder, how many children, their work with commas between, its fill, and the words of a child. */
    public static void main(String[] args) throws IOException {
        Combo combo = Combo.valueOf(args[0]);
        Hook hook = new Hook(Path.of(args[1]));
        List<String> words = Arrays.asList(args).subList(5, args.length);
        try (IpcPeer peer = peer(combo)) {
            FaultParent parent = new FaultParent(peer, combo, hook, words);
            for (int i = 0; i < Integer.parseInt(args[2]); i++) {
                // the last word is for all children that are left
                String[] how = args[3].split(",", -1);
                parent.raise(how[Math.min(i, how.length - 1)], args[4]);
            }
            hook.mark("family");
            parent.obey();
        }
    }

    static IpcPeer peer(Combo combo) {
        IpcPeer.Builder builder = IpcPeer.builder().messages(Calls.ALL).serializers(Serializers.of(combo));
        return (combo.isLowLatency() ? builder.lowLatency() : builder).build();
    }

    /** Starts a child, and has it answer, or hold, or do what else there is to do. */
    private void raise(String how, String fill) {
        IpcSession session = peer.spawn(combo.over(Child.command(childWords).name("fault")));
        sessions.add(session);
        session.call(new Work(0, "warm", ""));
        if (!how.isEmpty()) {
            session.request(new Work(sessions.size(), how, fill));
        }
    }

    private void obey() throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            // to a stream that is open: a new file could not be opened while descriptors are short
            System.out.println(order + " " + reply(order));
        }
    }

    private String reply(String order) {
        try {
            if (order.startsWith("spawn")) {
                raise("", "");
            } else {
                sessions.get(0).call(new Work(0, "warm", ""));
            }
            return "ok";
        } catch (IpcFailure failure) {
            return String.valueOf(failure.getMessage()).replace('\n', ' ');
        }
    }
}
