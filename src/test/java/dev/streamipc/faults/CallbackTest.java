package dev.streamipc.faults;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Limits;
import dev.streamipc.session.Role;
import dev.streamipc.session.SessionEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** User code that throws, blocks, asks again or closes, wherever the library runs it: nobody else is hurt. */
@Timeout(120)
class CallbackTest {

    /** Where user code runs. */
    private enum Where {
        DEPENDENT,
        REQUEST_HANDLER,
        MESSAGE_HANDLER,
        PROGRESS,
        OBSERVER
    }

    /** Each place, with a reader and as a pump, done in two ways. */
    static final int CASES = 2 * 2 * Where.values().length;

    private static final Matrix MATRIX = Matrix.of(CallbackTest.class);

    /** User code that the parent runs, and what it is to do. */
    private interface Body {
        void run(Stage stage, boolean otherWay) throws Exception;
    }

    /** What is looked at while the user code does it, and behind it. */
    private interface Check {
        void run(Stage stage, CompletableFuture<?> fired) throws Exception;
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void whatUserCodeDoesHurtsNobodyElse(Combo combo) throws Exception {
        row("callback.throws", combo, CallbackTest::throwIt, CallbackTest::othersAreServed);
        row("callback.blocks", combo, (stage, otherWay) -> stage.release.await(30, SECONDS), (stage, fired) -> {
            stage.parentAsks("while it blocks");
            stage.release.countDown();
            othersAreServed(stage, fired);
        });
        row("callback.asks", combo, CallbackTest::ask, (stage, fired) -> {
            stage.evidence.require(
                    stage.asked.get(20, SECONDS).text().equals("again"), "the question was not answered");
            stage.evidence.answered();
            othersAreServed(stage, fired);
        });
        row("callback.closes", combo, CallbackTest::close, CallbackTest::allEnds);
    }

    private static void row(String row, Combo combo, Body body, Check check) throws Exception {
        Leftovers before = Leftovers.now();
        for (int number = 1; number <= Plan.row(row).cases(Profile.current()); number++) {
            int places = Where.values().length;
            Where where = Where.values()[number % places];
            boolean pump = number / places % 2 == 0;
            boolean otherWay = number / places / 2 % 2 == 0;
            MATRIX.run(row, combo, number, evidence -> {
                try (Stage stage = new Stage(combo, evidence)) {
                    CompletableFuture<?> fired = stage.fire(where, pump, () -> body.run(stage, otherWay));
                    stage.evidence.require(stage.entered.await(20, SECONDS), "user code never ran");
                    check.run(stage, fired);
                    String thread = stage.thread.replaceFirst("-session-[0-9]+$", "");
                    evidence.proof("where", where)
                            .proof("drive", pump ? "pump" : "reader")
                            .proof("thread", thread);
                    evidence.require(
                            !thread.contains("reader") && !thread.contains("timer"), "on the thread " + thread);
                }
            });
        }
        MATRIX.after(row, before.left());
    }

    private static void throwIt(Stage stage, boolean otherWay) {
        if (otherWay) {
            AssertionError error = new AssertionError("planted");
            error.setStackTrace(new StackTraceElement[0]);
            throw error;
        }
        IllegalStateException exception = new IllegalStateException("planted");
        exception.setStackTrace(new StackTraceElement[0]);
        throw exception;
    }

    private static void ask(Stage stage, boolean otherWay) {
        if (otherWay) {
            stage.asked.complete(stage.parent.call(new Talk.Ask("again")));
        } else {
            stage.parent.request(new Talk.Ask("again")).thenAccept(stage.asked::complete);
        }
    }

    private static void close(Stage stage, boolean otherWay) {
        if (otherWay) {
            stage.parent.close();
        } else {
            stage.left.close();
        }
        stage.asked.complete(new Talk.Answer("close returned"));
    }

    private static void othersAreServed(Stage stage, CompletableFuture<?> fired) throws Exception {
        stage.parentAsks("after");
        stage.evidence.require(
                stage.child.call(new Talk.Ask("back")).text().equals("BACK"), "the other side is not served");
        stage.evidence.answered();
        Throwable thrown = fired.handle((answer, failure) -> failure).get(20, SECONDS);
        if (thrown instanceof RemoteFailure failure) {
            stage.evidence.failed(failure);
        } else {
            stage.evidence.answered().require(thrown == null, "wrong outcome: " + thrown);
        }
    }

    private static void allEnds(Stage stage, CompletableFuture<?> fired) throws Exception {
        stage.asked.get(20, SECONDS);
        stage.evidence.require(
                Outcomes.failureOf(stage.held, stage.evidence) instanceof SessionClosed, "the held call goes on");
        stage.release.countDown();
        stage.evidence.require(stage.parent.awaitClosed(Duration.ofSeconds(20)), "the session is not closed");
        Outcomes.count(fired, stage.evidence);
        Outcomes.failureOf(stage.parent.request(new Talk.Ask("too late")), stage.evidence);
    }

    /** Two sessions that talk; user code runs at the parent. */
    private static final class Stage implements AutoCloseable {

        private final IpcPeer left;
        private final IpcPeer right;
        private final IpcSession parent;
        private final IpcSession child;
        private final Evidence evidence;
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch attached = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);
        private final CompletableFuture<Talk.Answer> asked = new CompletableFuture<>();
        private final ExecutorService several = Executors.newCachedThreadPool();
        private CompletableFuture<Talk.Answer> held = new CompletableFuture<>();
        private volatile String thread = "";

        Stage(Combo combo, Evidence evidence) {
            this.evidence = evidence;
            left = peer(combo).limits(Limits.DEFAULT.withMaxReceiveItems(1)).build();
            right = peer(combo).handlerExecutor(several).build();
            MemoryChannel.Pair pair = MemoryChannel.pair(1 << 16);
            parent = left.createSession(pair.left(), Role.PARENT);
            child = right.createSession(pair.right(), Role.CHILD);
        }

        private static IpcPeer.Builder peer(Combo combo) {
            return IpcPeer.builder()
                    .messages(Talk.ALL)
                    .serializers(Talk.serializer(combo))
                    .deadline(Duration.ofSeconds(20))
                    .closeLimit(Duration.ofMillis(500));
        }

        /** Has the user code run in a place, and returns the call that it belongs to. */
        CompletableFuture<?> fire(Where where, boolean pump, Exceptional body) throws Exception {
            Exceptional marked = () -> {
                thread = Thread.currentThread().getName();
                entered.countDown();
                body.run();
            };
            register(where, marked);
            child.onRequest(Talk.Ask.class, (ask, context) -> {
                context.progress(new Talk.Note(1));
                if (ask.text().equals("hold")) {
                    release.await(30, SECONDS);
                } else if (ask.text().equals("dependent")) {
                    attached.await(30, SECONDS);
                }
                return new Talk.Answer(ask.text());
            });
            parent.onRequest(Talk.Ask.class, ask -> new Talk.Answer(ask.text().toUpperCase(java.util.Locale.ROOT)));
            child.start();
            Sessions.drive(parent, pump);
            parentAsks("before");
            held = parent.request(new Talk.Ask("hold"));
            return trigger(where, marked);
        }

        private void register(Where where, Exceptional body) {
            parent.onRequest(Talk.Blob.class, blob -> {
                body.run();
                return new Talk.BlobBack(blob.bytes());
            });
            parent.onMessage(Talk.Note.class, note -> body.run());
            if (where == Where.OBSERVER) {
                parent.events(event -> {
                    if (event instanceof SessionEvent.Dropped) {
                        unchecked(body);
                    }
                });
            }
        }

        private CompletableFuture<?> trigger(Where where, Exceptional body) {
            return switch (where) {
                case DEPENDENT -> {
                    CompletableFuture<Talk.Answer> call = parent.request(new Talk.Ask("dependent"));
                    call.whenComplete((answer, thrown) -> unchecked(body));
                    attached.countDown();
                    yield call;
                }
                case REQUEST_HANDLER -> child.request(new Talk.Blob(new byte[10]));
                case PROGRESS ->
                    parent.request(
                            new Talk.Ask("progress"),
                            CallOptions.DEFAULT.onProgress(Talk.Note.class, news -> unchecked(body)));
                case MESSAGE_HANDLER -> {
                    child.notify(new Talk.Note(1));
                    yield CompletableFuture.completedFuture(null);
                }
                case OBSERVER -> {
                    // nobody takes them, and there is room for one
                    child.notify(new Talk.Answer("kept"));
                    child.notify(new Talk.Answer("dropped"));
                    yield CompletableFuture.completedFuture(null);
                }
            };
        }

        private static void unchecked(Exceptional body) {
            try {
                body.run();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        void parentAsks(String text) {
            evidence.require(parent.call(new Talk.Ask(text)).text().equals(text), "the parent is not answered");
            evidence.answered();
        }

        @Override
        public void close() {
            release.countDown();
            left.close();
            right.close();
            several.shutdown();
        }
    }

    /** Code that may throw anything. */
    private interface Exceptional {
        void run() throws Exception;
    }
}
