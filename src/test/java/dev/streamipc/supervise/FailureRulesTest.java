package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.streamipc.supervise.Rig.Habit;
import dev.streamipc.supervise.Rig.Trouble;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** What is done about which failure. */
class FailureRulesTest {

    private static final FailureRules RULES = FailureRules.builder()
            .on(Exception.class, FailureAction.STOP)
            .on(IOException.class, FailureAction.IGNORE)
            .on(Error.class, FailureAction.ESCALATE)
            .build();

    @Test
    void theNearestClassDecidesWhateverTheOrder() {
        assertEquals(
                FailureAction.IGNORE, RULES.verdict(new FileNotFoundException()).action());
        assertEquals(
                IOException.class, RULES.verdict(new FileNotFoundException()).rule());
        assertEquals(
                FailureAction.STOP, RULES.verdict(new IllegalStateException()).action());
        assertEquals(
                FailureAction.ESCALATE, RULES.verdict(new StackOverflowError()).action());
    }

    @Test
    void withoutARuleTheDefaultHolds() {
        FailureRules.Verdict verdict = RULES.verdict(new Throwable());

        assertEquals(FailureAction.RESTART, verdict.action());
        assertNull(verdict.rule());
        FailureRules escalating =
                FailureRules.builder().otherwise(FailureAction.ESCALATE).build();
        assertEquals(FailureAction.ESCALATE, escalating.verdict(new Throwable()).action());
    }

    @Test
    void whatAFutureWrapsCounts() {
        IOException inner = new IOException();

        assertEquals(
                IOException.class, RULES.verdict(new CompletionException(inner)).rule());
        assertEquals(
                IOException.class,
                RULES.verdict(new ExecutionException(new CompletionException(inner)))
                        .rule());
        assertEquals(
                Exception.class, RULES.verdict(new UncheckedIOException(inner)).rule());
        assertEquals(
                Exception.class,
                RULES.verdict(new CompletionException("bare", null)).rule());
        FailureRules own = FailureRules.builder()
                .on(CompletionException.class, FailureAction.STOP)
                .build();
        assertEquals(
                CompletionException.class,
                own.verdict(new CompletionException(inner)).rule());
    }

    @Test
    void twoRulesForOneTypeAreRefused() {
        FailureRules.Builder rules = FailureRules.builder().on(Error.class, FailureAction.STOP);

        assertThrows(IllegalArgumentException.class, () -> rules.on(Error.class, FailureAction.RESTART));
    }

    @Test
    void eachFailureIsToldWithItsActionAndItsRule() {
        Rig rig = withAction(FailureAction.STOP);

        rig.fails("b");
        rig.last("a").life().ended(new Throwable("unmatched"));

        List<SupervisionEvent.Failed> failed = rig.events(SupervisionEvent.Failed.class);
        assertEquals(Trouble.class, failed.get(0).rule());
        assertEquals(FailureAction.STOP, failed.get(0).action());
        assertNull(failed.get(1).rule());
        assertEquals(FailureAction.RESTART, failed.get(1).action());
    }

    @Test
    void stopLeavesItStoppedWhateverItsSiblingsDo() {
        Rig rig = withAction(FailureAction.STOP);
        rig.fails("b");
        assertEquals(List.of(), rig.traced());

        rig.ends("a");

        assertEquals(List.of("stop c", "start a", "start c"), rig.traced());
        assertEquals("STOPPED", rig.state("b"));
    }

    @Test
    void stopHoldsEvenIfARoundComesWhileItStops() {
        Rig rig = withAction(FailureAction.STOP);
        rig.habits("b", Habit.STOP_HANGS);
        rig.last("b").life().failing(new Trouble("running"));
        rig.ends("a");

        rig.ends("b");

        assertEquals(List.of("stop b", "stop c", "start a", "start c"), rig.traced());
        assertEquals("STOPPED", rig.state("b"));
    }

    @Test
    void escalateEndsTheSupervisorWithTheFailureItself() {
        Rig rig = withAction(FailureAction.ESCALATE);
        rig.fails("b");

        assertEquals(List.of("stop c", "stop a"), rig.traced());
        Throwable failure = rig.events(SupervisionEvent.GaveUp.class).get(0).failure();
        assertEquals("b", failure.getMessage());
        assertSame(failure, rig.events(SupervisionEvent.Ended.class).get(3).failure());
    }

    @Test
    void ignoreLetsItRunAndTakesAnEndForOrderly() {
        Rig rig = withAction(FailureAction.IGNORE);
        rig.last("b").life().failing(new Trouble("running"));
        assertEquals("RUNNING", rig.state("b"));
        rig.last("c").life().ended(new Trouble("transient"));
        assertEquals("ENDED", rig.state("c"));

        rig.fails("b");

        assertEquals(List.of("start a", "start b", "start c"), withoutStops(rig));
    }

    @Test
    void troubleOfOneThatRunsRestartsIt() {
        Rig rig = withAction(FailureAction.RESTART);

        rig.last("b").life().failing(new Trouble("running"));

        assertEquals(List.of("stop c", "stop b", "stop a", "start a", "start b", "start c"), rig.traced());
        assertEquals("running", lastFailure(rig));
    }

    @Test
    void troubleOfOneThatDoesNotRunIsLeftOut() {
        Rig rig = withAction(FailureAction.ESCALATE);
        rig.habits("b", Habit.START_HANGS);
        rig.ends("b");

        rig.last("b").life().failing(new Trouble("starting"));

        assertEquals("STARTING", rig.state("b"));
        assertEquals(Map.of(), Map.copyOf(FailureRules.DEFAULT.actions()));
    }

    @Test
    void oneTroubleAtATimeWaitsToBeJudged() {
        List<SupervisorInput> inbox = new ArrayList<>();
        Surroundings around = new Surroundings(
                "root/a", new UsersCode(Runnable::run, new VirtualTime()), new VirtualTime(), 1, event -> {});
        Incarnation life = new Incarnation(1, new Rig().child("a").build(), around, inbox::add);

        life.failing(new Trouble("first"));
        life.failing(new Trouble("second"));
        assertEquals(1, inbox.size());
        life.judged();
        life.failing(new Trouble("third"));

        assertEquals(2, inbox.size());
    }

    @Test
    void troubleAfterAJudgementIsJudgedToo() {
        Rig rig = withAction(FailureAction.IGNORE);

        rig.last("b").life().failing(new Trouble("first"));
        rig.last("b").life().failing(new Trouble("second"));

        assertEquals(2, rig.events(SupervisionEvent.Failed.class).size());
    }

    private static String lastFailure(Rig rig) {
        return rig.events(SupervisionEvent.Failed.class).get(0).failure().getMessage();
    }

    private static List<String> withoutStops(Rig rig) {
        return rig.traced().stream().filter(line -> !line.startsWith("stop")).toList();
    }

    private static Rig withAction(FailureAction action) {
        Rig rig = new Rig();
        rig.start(Rig.spec(RestartStrategy.ONE_FOR_ALL)
                .rules(FailureRules.builder().on(Trouble.class, action).build())
                .child(rig.child("a").build())
                .child(rig.child("b").build())
                .child(rig.child("c", RestartType.TRANSIENT)));
        rig.traced();
        return rig;
    }
}
