package dev.streamipc.supervise;

import dev.streamipc.process.RecordedLogs;
import java.time.Duration;

/** Fails once with a rule and once without, and prints what was logged above DEBUG. */
final class UnmatchedMain {

    private UnmatchedMain() {}

    public static void main(String[] args) {
        Rig rig = new Rig();
        FailureRules rules = FailureRules.builder()
                .on(Rig.Trouble.class, FailureAction.RESTART)
                .otherwise(FailureAction.ESCALATE)
                .build();
        rig.habits("b", Rig.Habit.STOP_HANGS, Rig.Habit.KILL_HANGS);
        rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .rules(rules)
                .child(rig.child("a").build())
                .child(rig.child("b").build()));
        rig.fails("a");
        rig.last("a").life().ended(new IllegalStateException("unmatched"));
        rig.advance(Duration.ofSeconds(10));
        RecordedLogs.lines().stream()
                .map(RecordedLogs.Line::text)
                .filter(text -> !text.contains("["))
                .forEach(System.out::println);
    }
}
