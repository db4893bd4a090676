package dev.streamipc.session;

import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Blob;
import dev.streamipc.session.Samples.BlobBack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A child that sends blobs back, and sends as many of its own as it is asked for, while it does. Arguments: how it is
 * driven, and how many bytes a blob has.
 */
final class BothWaysChild {

    private BothWaysChild() {}

    public static void main(String[] args) throws Exception {
        Limits limits = Limits.DEFAULT.withMaxPayloadBytes(80 << 20);
        byte[] bytes = new byte[Integer.parseInt(args[1])];
        Arrays.fill(bytes, (byte) 7);
        try (IpcPeer peer =
                IpcPeer.builder().messages(Samples.ALL).limits(limits).build()) {
            IpcSession session = peer.createStdioSession();
            session.onRequest(Blob.class, blob -> new BlobBack(blob.bytes()));
            session.onRequest(Ask.class, ask -> new Answer(exchange(session, bytes, Integer.parseInt(ask.text()))));
            drive(session, args[0]);
        }
    }

    /** Runs on a thread of its own where the handlers have only one: it would wait for itself. */
    private static String exchange(IpcSession session, byte[] bytes, int count) {
        List<CompletableFuture<BlobBack>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            calls.add(session.request(new Blob(bytes)));
        }
        long good = calls.stream()
                .filter(call -> Arrays.equals(bytes, call.join().bytes()))
                .count();
        return Long.toString(good);
    }

    private static void drive(IpcSession session, String how) throws InterruptedException {
        if (how.equals("pump")) {
            session.serve();
            return;
        }
        session.start();
        boolean open = true;
        while (open) {
            open = session.tick(Duration.ofSeconds(1));
        }
    }
}
