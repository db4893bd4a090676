package dev.streamipc.bench.peer;

import dev.streamipc.bench.raw.Jvm;
import dev.streamipc.bench.side.Pin;
import dev.streamipc.bench.side.Timing;
import dev.streamipc.bench.side.Turns;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.jsonrpc.services.JsonRequest;

/** Eclipse LSP4J over stdio, JVM to JVM: an interface with a request, launched at both ends as its documentation shows. */
public final class Lsp4j {

    private Lsp4j() {}

    /** The question. */
    public record Ask(int number) {}

    /** The answer. */
    public record Answer(int number) {}

    /** What both sides know. */
    public interface Asked {
        /** Answers. */
        @JsonRequest
        CompletableFuture<Answer> ask(Ask ask);
    }

    /** Takes roundtrip, or pipelined and how many are open; or child. */
    public static void main(String[] words) throws Exception {
        if (words[0].equals("child")) {
            launch(
                            ask -> CompletableFuture.completedFuture(new Answer(ask.number())),
                            new FileInputStream(FileDescriptor.in),
                            new FileOutputStream(FileDescriptor.out))
                    .startListening()
                    .get();
            return;
        }
        Process child = Jvm.start(List.of(), Lsp4j.class, "child");
        Pin.child(child.pid());
        Launcher<Asked> launcher = launch(
                ask -> CompletableFuture.completedFuture(new Answer(0)),
                child.getInputStream(),
                child.getOutputStream());
        launcher.startListening();
        Asked remote = launcher.getRemoteProxy();
        if (words[0].equals("roundtrip")) {
            Turns.answerOne(() -> Timing.p50Micros(() -> remote.ask(new Ask(1)).get()));
        } else {
            int window = Integer.parseInt(words[1]);
            Turns.answerOne(() -> Timing.perSecond(window, number -> remote.ask(new Ask(number))));
        }
        child.destroy();
        System.exit(0);
    }

    private static Launcher<Asked> launch(Asked local, InputStream in, OutputStream out) {
        return new Launcher.Builder<Asked>()
                .setLocalService(local)
                .setRemoteInterface(Asked.class)
                .setInput(in)
                .setOutput(out)
                .create();
    }
}
