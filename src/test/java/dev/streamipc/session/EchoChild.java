package dev.streamipc.session;

import dev.streamipc.message.LogMessage;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Blob;
import dev.streamipc.session.Samples.BlobBack;

/** A child that sends back what it gets. The first argument says how it is driven: serve, start or tick. */
final class EchoChild {

    private EchoChild() {}

    public static void main(String[] args) throws Exception {
        Limits limits = Limits.DEFAULT.withMaxPayloadBytes(80 << 20);
        try (IpcPeer peer =
                IpcPeer.builder().messages(Samples.ALL).limits(limits).build()) {
            IpcSession session = peer.createStdioSession();
            session.onRequest(Ask.class, ask -> new Answer(ask.text()));
            session.onRequest(Blob.class, blob -> new BlobBack(blob.bytes()));
            session.onMessage(LogMessage.class, log -> {
                if (log.message().equals("shutdown")) {
                    session.close();
                }
            });
            drive(session, args.length == 0 ? "serve" : args[0]);
        }
    }

    private static void drive(IpcSession session, String how) throws InterruptedException {
        switch (how) {
            case "serve" -> session.serve();
            case "tick" -> {
                boolean open = true;
                while (open) {
                    open = session.tick(java.time.Duration.ofSeconds(1));
                }
            }
            default -> {
                session.start();
                while (!session.isClosed()) {
                    Thread.onSpinWait();
                    java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                }
            }
        }
    }
}
