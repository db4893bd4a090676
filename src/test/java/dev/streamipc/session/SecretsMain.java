package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.StartFailed;
import dev.streamipc.process.Child;
import dev.streamipc.process.RecordedLogs;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A parent that is given secrets by its environment, its code and its messages, has children that answer, do not start
 * and die, and prints all that it has logged or could log, at every level.
 */
final class SecretsMain {

    static final String VARIABLE = "STREAMIPC_TEST_TOKEN";
    static final String SECRET = "53cr3t";

    private static final List<String> TEXTS = new ArrayList<>();

    private SecretsMain() {}

    public static void main(String[] arguments) throws Exception {
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            List<Child> children = List.of(
                    Child.java(EchoChild.class).name("java"),
                    Child.python(Path.of(arguments[0])).name("python"),
                    Child.command("python3", arguments[0]).environment("PYTHONPATH", arguments[1]));
            for (Child child : children) {
                talk(peer, child.environment(VARIABLE, SECRET + "-of-code"));
            }
            fail(peer, Child.command("/no/such/program").environment(VARIABLE, SECRET + "-of-code"));
            fail(peer, Child.command("sh", "-c", "exit 3").environment(VARIABLE, SECRET + "-of-code"));
        }
        TEXTS.forEach(System.out::println);
        RecordedLogs.lines().forEach(System.out::println);
    }

    private static void talk(IpcPeer peer, Child child) throws Exception {
        IpcSession session = peer.spawn(child);
        Answer answer = session.call(new Ask(SECRET + "-of-message"));
        Path process = Path.of("/proc", Long.toString(session.processOrThrow().pid()));
        TEXTS.add("answered=" + answer.text().length() + " given="
                + text(process.resolve("environ")).contains(SECRET + "-of-code"));
        TEXTS.add(text(process.resolve("cmdline")));
        TEXTS.add(child + " " + session + " " + peer);
        session.processOrThrow().destroyForcibly();
        try {
            while (true) {
                session.call(new Ask(SECRET + "-of-message"));
            }
        } catch (IpcFailure failure) {
            TEXTS.add(failure + " " + session.exited().join());
        }
    }

    private static void fail(IpcPeer peer, Child child) {
        try {
            peer.spawn(child);
        } catch (StartFailed failed) {
            TEXTS.add(failed + " " + failed.getCause() + " " + failed.report());
        }
    }

    private static String text(Path file) throws Exception {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
