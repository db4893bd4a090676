package dev.streamipc.session;

import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Blob;
import dev.streamipc.session.Samples.BlobBack;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A child that harms itself when it is asked to, and writes into a file, before anything else, what it was asked. */
final class CrashChild {

    private CrashChild() {}

    public static void main(String[] args) throws Exception {
        Path ledger = Path.of(args[1]);
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession session = peer.createStdioSession();
            session.onRequest(Ask.class, ask -> {
                Files.writeString(ledger, ask.text() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                return new Answer(harm(ask.text()));
            });
            session.onRequest(Blob.class, blob -> new BlobBack(blob.bytes()));
            if (args[0].equals("pump")) {
                session.serve();
            } else {
                session.start();
                session.awaitClosed(Duration.ofMinutes(1));
            }
        }
    }

    private static String harm(String how) throws IOException {
        return switch (how) {
            case "memory" -> Integer.toString(fillMemory());
            case "stack" -> Integer.toString(depth(0));
            case "exit" -> exit();
            case "print" -> print();
            default -> how;
        };
    }

    private static int fillMemory() {
        List<long[]> kept = new ArrayList<>();
        while (kept.size() < Integer.MAX_VALUE) {
            kept.add(new long[1 << 18]);
        }
        return kept.size();
    }

    private static int depth(int from) {
        return from < 0 ? from : depth(from + 1) + 1;
    }

    private static String exit() {
        System.exit(0);
        return "never";
    }

    /** Past the session's own guard, onto the stream itself. */
    private static String print() throws IOException {
        System.out.print("x".repeat(1 << 20));
        new FileOutputStream(FileDescriptor.out).write(new byte[1 << 20]);
        return "printed";
    }
}
