package dev.streamipc.faults;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.RingTap;
import dev.streamipc.channel.RingTap.Way;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.ProtocolError;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.CallOptions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Shared memory into which somebody else writes while a request, or its answer, is under way. */
class RingTest {

    private static final CallOptions SOON =
            CallOptions.deadline(Duration.ofSeconds(3)).tellingStarted();

    /** A side that can't read on says so, or ends, and long before the deadline. */
    private static final List<Class<? extends IpcFailure>> ENDS =
            List.of(ProtocolError.class, SessionClosed.class, ChildDied.class);

    private static final Rows ROWS = new Rows(RingTest.class);

    @Test
    void damageEndsTheCallAndHarmsNoOther() throws Exception {
        ROWS.play("pipe.ring-damaged", stage -> {
            Way way = stage.number % 3 == 0 ? Way.OUTGOING : Way.INCOMING;
            // cases of one number stand at another damage in each column
            RingDamage damage = RingDamage.of(stage.number + 3 * stage.combo.ordinal());
            Asked call = way == Way.INCOMING ? damagedAnswer(stage, damage) : damagedRequest(stage, damage);
            Eventually.await("the call ends", call::isSettled);
            stage.evidence.proof("damage", damage + " " + way).proof("pid", stage.pid());
            boolean hasEnded =
                    call.failure() != null && ENDS.contains(call.failure().getClass());
            boolean isAnswered = call.answer() != null && !damage.isSeen();
            stage.evidence.require(hasEnded || isAnswered, "ended otherwise: " + call.call);
            if (damage == RingDamage.SLEEPS) {
                stage.expectAnswer(call);
            }
            Asked after = stage.ask("echo", "fill", SOON);
            Eventually.await("the call behind it ends", after::isSettled);
            if (damage.isSeen()) {
                Eventually.await("the session ends", stage.session()::isClosed);
            }
        });
    }

    /** The answer stands in the ring, and its reader before it. */
    private static Asked damagedAnswer(Stage stage, RingDamage damage) throws Exception {
        stage.adoptWarm();
        stage.gate().shut();
        Asked call = stage.ask("echo", "x".repeat(1_000), SOON);
        Eventually.await(
                "the answer is in the ring",
                () -> stage.gate().waiting() > 1_000 && stage.gate().holds());
        damage.befall(stage.tap(), Way.INCOMING, new Random(stage.number));
        stage.gate().open();
        return call;
    }

    /** The request stands in the ring, and its reader is stopped. */
    private static Asked damagedRequest(Stage stage, RingDamage damage) throws Exception {
        stage.spawnWarm();
        stage.stop();
        RingTap tap = stage.tap();
        Asked call = stage.ask("echo", "x".repeat(1_000), SOON);
        Eventually.await("the request is in the ring", () -> tap.unreadBytes(Way.OUTGOING) > 1_000);
        damage.befall(tap, Way.OUTGOING, new Random(stage.number));
        Linux.signal("CONT", stage.pid());
        return call;
    }
}
