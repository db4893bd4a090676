package dev.streamipc.session;

import dev.streamipc.channel.Eventually;
import dev.streamipc.message.LogMessage;
import dev.streamipc.process.Child;
import dev.streamipc.process.RecordedLogs;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * A parent whose child prints to stderr under one call, under none, and under two. Prints what was logged. The
 * arguments: the child's script, and a file: while it exists, the handler has printed
 * and does not answer.
 */
final class NamedLinesMain {

    private NamedLinesMain() {}

    public static void main(String[] arguments) throws Exception {
        Path printing = Path.of(arguments[1]);
        try (IpcPeer peer = IpcPeer.builder().messages(Ask.class).build()) {
            IpcSession session = peer.spawn(
                    Child.python(Path.of(arguments[0])).arguments(arguments[1]).name("named"));
            CompletableFuture<Answer> alone = session.request(new Ask("under one call"));
            finish(printing, "under one call", alone);
            session.notify(new LogMessage("under no call"));
            awaitLine("under no call");
            CompletableFuture<Answer> first = session.request(new Ask("under two calls"));
            CompletableFuture<Answer> second = session.request(new Ask("the second"));
            finish(printing, "under two calls", first);
            finish(printing, "the second", second);
        }
        RecordedLogs.lines().stream()
                .filter(line -> line.logger().equals("dev.streamipc.child.named"))
                .forEach(line -> System.out.println(
                        line.text().replaceFirst("pid=\\d+ ", "") + "|" + line.call() + "|" + line.type()));
    }

    private static void finish(Path printing, String line, CompletableFuture<Answer> call) throws Exception {
        Files.createFile(printing);
        awaitLine(line);
        Files.delete(printing);
        call.join();
    }

    private static void awaitLine(String text) throws Exception {
        Eventually.await(
                text,
                () -> RecordedLogs.lines().stream().anyMatch(line -> line.text().endsWith(text)));
    }
}
