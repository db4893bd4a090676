package dev.streamipc.faults;

import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.process.Child;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Handlers of a Python child that raise, block, ask again or close. */
@Timeout(120)
class PythonCallbackTest {

    /** What the handler is told to do. */
    private enum Harm {
        RAISES,
        RAISES_MUTE,
        RAISES_IN_A_MESSAGE,
        BLOCKS,
        ASKS,
        ANSWER_RAISES_EXIT,
        CLOSES,
        ENDS_THE_PROGRAM
    }

    static final int HARMS = Harm.values().length;
    private static final Matrix MATRIX = Matrix.of(PythonCallbackTest.class);

    @Test
    void whatAPythonHandlerDoesHurtsNobodyElse(@TempDir Path folder) throws Exception {
        Leftovers before = Leftovers.now();
        Path script = Files.writeString(folder.resolve("callback_child.py"), PythonScripts.CALLBACK_CHILD);
        for (int number = 1; number <= Plan.row("callback.python").cases(Profile.current()); number++) {
            Harm harm = Harm.values()[number % HARMS];
            MATRIX.run("callback.python", Combo.JSON_PYTHON, number, evidence -> {
                try (IpcPeer peer = IpcPeer.builder()
                        .messages(Talk.ALL)
                        .deadline(Duration.ofSeconds(20))
                        .closeLimit(Duration.ofSeconds(1))
                        .build()) {
                    IpcSession session = peer.spawn(Launchpad.marked(Child.python(script)));
                    session.onRequest(Talk.Ask.class, ask -> new Talk.Answer("parent says " + ask.text()));
                    evidence.proof("harm", harm)
                            .proof("pid", session.process().orElseThrow().pid());
                    harm(session, harm, evidence);
                }
            });
        }
        MATRIX.after("callback.python", before.left());
    }

    private static void harm(IpcSession session, Harm harm, Evidence evidence) throws Exception {
        switch (harm) {
            case RAISES, RAISES_MUTE -> {
                IpcFailure failure = Outcomes.failureOf(session.request(new Talk.Ask(harm.name())), evidence);
                evidence.require(failure instanceof RemoteFailure, "wrong failure: " + failure);
                goesOn(session, evidence);
            }
            case RAISES_IN_A_MESSAGE -> {
                session.notify(new Talk.Note(1));
                goesOn(session, evidence);
            }
            case ASKS -> {
                String answer = session.call(new Talk.Ask(harm.name())).text();
                evidence.answered().require(answer.equals("parent says hi"), "wrong answer: " + answer);
                goesOn(session, evidence);
            }
            case ANSWER_RAISES_EXIT -> {
                session.onRequest(Talk.Blob.class, blob -> new Talk.BlobBack(blob.bytes()));
                String answer = session.call(new Talk.Ask(harm.name()), CallOptions.deadline(Duration.ofSeconds(5)))
                        .text();
                evidence.answered().require(answer.equals("undecodable"), "wrong answer: " + answer);
                goesOn(session, evidence);
            }
            case BLOCKS -> blocks(session, evidence);
            case CLOSES -> {
                String answer = session.call(new Talk.Ask(harm.name())).text();
                evidence.answered().require(answer.equals("closed"), "wrong answer: " + answer);
                ended(session, evidence);
            }
            case ENDS_THE_PROGRAM -> {
                IpcFailure failure = Outcomes.failureOf(session.request(new Talk.Ask(harm.name())), evidence);
                evidence.require(failure instanceof RemoteFailure, "wrong failure: " + failure);
                evidence.proof(
                        "exitCode",
                        session.exited().get(10, TimeUnit.SECONDS).exitCode().orElseThrow());
                ended(session, evidence);
            }
        }
    }

    /** Handlers run one at a time: what is asked meanwhile ends by its deadline, and the child goes on later. */
    private static void blocks(IpcSession session, Evidence evidence) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        session.onRequest(Talk.Blob.class, blob -> {
            release.await(20, TimeUnit.SECONDS);
            return new Talk.BlobBack(blob.bytes());
        });
        CompletableFuture<Talk.Answer> blocked = session.request(new Talk.Ask("BLOCKS"));
        IpcFailure failure = Outcomes.failureOf(
                session.request(new Talk.Ask("meanwhile"), CallOptions.deadline(Duration.ofMillis(200))), evidence);
        evidence.require(failure instanceof DeadlinePassed, "wrong failure: " + failure);
        release.countDown();
        evidence.require(blocked.join().text().equals("released"), "the blocked handler is lost");
        evidence.answered();
        goesOn(session, evidence);
    }

    private static void goesOn(IpcSession session, Evidence evidence) {
        evidence.require(session.call(new Talk.Ask("fine")).text().equals("fine"), "the session does not go on");
        evidence.answered();
    }

    private static void ended(IpcSession session, Evidence evidence) throws Exception {
        evidence.require(session.awaitClosed(Duration.ofSeconds(10)), "the session goes on");
        IpcFailure late = Outcomes.failureOf(session.request(new Talk.Ask("late")), evidence);
        evidence.require(late instanceof SessionClosed, "wrong failure: " + late);
    }
}
