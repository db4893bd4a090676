package dev.streamipc.session;

import dev.streamipc.message.ChildDied;
import dev.streamipc.message.ExitReport;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.message.StartFailed;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Waits for the other side's HELLO, and says why there is none. */
final class Greeting {

    private Greeting() {}

    /** Blocks until the child has said HELLO; stops it and throws if it does not. */
    static void awaitChild(Conversation conversation, List<String> command) {
        Throwable failure = failure(conversation);
        if (failure == null) {
            return;
        }
        boolean isDead = failure instanceof ChildDied || failure instanceof SessionClosed && conversation.exitsSoon();
        // of a child that lives, its last lines on stderr may say what it waits for
        ExitReport report = failure instanceof ChildDied died ? died.report() : conversation.exitReport();
        conversation.ending.close();
        throw new StartFailed(isDead ? "the child ended before its hello" : why(failure), command, report, failure);
    }

    private static @Nullable Throwable failure(Conversation conversation) {
        conversation.driving.startReader();
        try {
            conversation.agreement().join();
            return null;
        } catch (CompletionException failed) {
            return failed.getCause() == null ? failed : failed.getCause();
        }
    }

    private static String why(Throwable failure) {
        return String.valueOf(failure.getMessage()).replaceFirst("^start failed: ", "");
    }
}
