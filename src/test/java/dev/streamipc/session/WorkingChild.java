package dev.streamipc.session;

import dev.streamipc.message.LogMessage;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.time.Duration;

/**
 * A child that works until it is told to stop, in the way that the request names, and then tells why it stopped.
 * Argument: how it is driven.
 */
final class WorkingChild {

    private WorkingChild() {}

    public static void main(String[] args) throws Exception {
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession session = peer.createStdioSession();
            session.onRequest(Ask.class, (ask, context) -> {
                context.progress(new Note(1));
                try {
                    work(ask.text(), context.cancellation());
                } catch (Exception stopped) {
                    session.notify(new LogMessage(
                            ask.text() + ": " + stopped.getClass().getSimpleName()));
                    throw stopped;
                }
                return new Answer(context.timeLeft().toMillis() + "");
            });
            switch (args[0]) {
                case "serve" -> session.serve();
                case "start" -> {
                    session.start();
                    session.awaitClosed(Duration.ofMinutes(5));
                }
                default -> {
                    boolean open = true;
                    while (open) {
                        open = session.tick(Duration.ofSeconds(1));
                    }
                }
            }
        }
    }

    private static void work(String how, Cancellation cancellation) throws Exception {
        switch (how) {
            case "look" -> {
                while (true) {
                    cancellation.throwIfCancelled();
                    Thread.onSpinWait();
                }
            }
            case "block" -> {
                cancellation.interruptHandler();
                new java.util.concurrent.CountDownLatch(1).await();
            }
            default -> {}
        }
    }
}
