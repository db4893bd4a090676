package dev.streamipc.session;

import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A child that writes into a file, before anything else, which requests it was entered for. */
final class LedgerChild {

    private LedgerChild() {}

    public static void main(String[] args) throws Exception {
        Path ledger = Files.createFile(Path.of(args[0]));
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession session = peer.createStdioSession();
            session.onRequest(Ask.class, ask -> {
                String name = ask.text().split(":", 2)[0];
                Files.writeString(ledger, name + "\n", StandardOpenOption.APPEND);
                return new Answer(name);
            });
            session.serve();
        }
    }
}
