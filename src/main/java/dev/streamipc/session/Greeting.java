package dev.streamipc.session;

import dev.streamipc.message.ChildDied;
import dev.streamipc.message.ExitReport;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.message.SessionClosed.Who;
import dev.streamipc.message.StartFailed;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Waits for the other side's HELLO, and says why there is none. */
final class Greeting {

    private Greeting() {}

    /** Blocks until the child has said HELLO; stops it and throws if it does not, or the thread is interrupted. */
    static void awaitChild(Conversation conversation, List<String> command) {
        Throwable failure = failure(conversation);
        if (failure == null) {
            return;
        }
        boolean isDead = failure instanceof ChildDied || failure instanceof SessionClosed && conversation.exitsSoon();
        // of a child that lives, its last lines on stderr may say what it waits for
        ExitReport report = failure instanceof ChildDied died ? died.report() : conversation.exitReport();
        conversation.ending.close();
        throw new StartFailed(isDead ? ended(report) : whyOfLiving(failure), command, report, failure);
    }

    private static String ended(ExitReport report) {
        boolean isContent = report.exitCode().orElse(1) == 0;
        return "the child ended before its hello" + (isContent ? "; does its main open a session?" : "");
    }

    private static String whyOfLiving(Throwable failure) {
        boolean isDeaf = failure instanceof SessionClosed closed && closed.who() == Who.STREAM;
        return isDeaf ? "the child lives, but closed its stream before its hello; does it close stdout?" : why(failure);
    }

    /**
     * Blocks until a listener has said HELLO, and returns why it did not.
     *
     * @return null if it did
     */
    static @Nullable StartFailed awaitListener(Conversation conversation) {
        Throwable failure = failure(conversation);
        if (failure == null) {
            return null;
        }
        boolean isGone = failure instanceof SessionClosed;
        String why = isGone ? "the listener closed the connection before its hello" : why(failure);
        return new StartFailed(why, List.of(), null, failure);
    }

    private static @Nullable Throwable failure(Conversation conversation) {
        conversation.driving.startReader();
        try {
            conversation.agreement().get();
            return null;
        } catch (ExecutionException failed) {
            return failed.getCause() == null ? failed : failed.getCause();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return interrupted;
        }
    }

    private static String why(Throwable failure) {
        if (failure instanceof InterruptedException) {
            return "the wait for the hello was interrupted";
        }
        return String.valueOf(failure.getMessage()).replaceFirst("^start failed: ", "");
    }
}
