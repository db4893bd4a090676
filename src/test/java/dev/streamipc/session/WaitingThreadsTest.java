package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.Message;
import dev.streamipc.message.Rejected;
import dev.streamipc.session.Samples.Note;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which threads may wait for room, and who reads meanwhile. */
@Timeout(60)
class WaitingThreadsTest {

    private static final int MANY = 5_000;
    private static final BlockingQueue<Runnable> WHILE_DECODING = new LinkedBlockingQueue<>();

    private final MemoryChannel.Pair pair = MemoryChannel.pair(4_096);
    private final Valve valve = new Valve(pair.left());
    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .messages(Trap.class)
            .limits(Limits.DEFAULT.withMaxOutboundBytes(20_000))
            .whenFull(WhenFull.WAIT)
            .closeLimit(Duration.ofMillis(500))
            .build();

    /** Runs what it is told while it is made: on the thread that decodes. */
    record Trap(int number) implements Message {
        Trap {
            Runnable task = WHILE_DECODING.poll();
            if (task != null) {
                task.run();
            }
        }
    }

    @AfterEach
    void close() {
        valve.open();
        peer.close();
    }

    private static void pump(IpcSession session) {
        Thread thread = new Thread(session::serve, "test-pump");
        thread.setDaemon(true);
        thread.start();
    }

    private static void flood(IpcSession session) {
        for (int i = 1; i <= MANY; i++) {
            session.notify(new Note(i));
        }
    }

    @Test
    void handlersOfTwoPumpsMayWaitForRoomAtTheSameTime() throws Exception {
        CountDownLatch done = new CountDownLatch(2);
        for (Role role : Role.values()) {
            IpcSession session = peer.createSession(role == Role.PARENT ? pair.left() : pair.right(), role);
            session.onMessage(Note.class, note -> {
                if (note.number() == 0) {
                    flood(session);
                } else if (note.number() == MANY) {
                    done.countDown();
                }
            });
            pump(session);
            session.notifyAtOnce(new Note(0));
        }

        assertTrue(done.await(20, TimeUnit.SECONDS));
    }

    @Test
    void childThatIsNotStartedReadsWhileItWaits() throws Exception {
        IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
        IpcSession child = peer.createSession(pair.right(), Role.CHILD);
        CountDownLatch last = new CountDownLatch(1);
        parent.onMessage(Note.class, note -> {
            if (note.number() == MANY) {
                last.countDown();
            }
        });
        parent.start();
        flood(child);

        assertTrue(last.await(20, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader", "pump"})
    void threadThatReadsIsRefusedInsteadOfWaiting(String drive) throws Exception {
        IpcSession parent = peer.createSession(valve, Role.PARENT);
        IpcSession child = peer.createSession(pair.right(), Role.CHILD);
        BlockingQueue<Rejected> refusals = new LinkedBlockingQueue<>();
        if (drive.equals("pump")) {
            pump(child);
        } else {
            child.start();
        }
        parent.notify(new Note(1));
        parent.flush(Duration.ofSeconds(20));
        Trap trap = new Trap(1);
        WHILE_DECODING.add(() -> refusals.add(assertThrows(Rejected.class, () -> flood(child))));
        valve.shut();
        parent.notify(trap);

        Rejected refusal = refusals.poll(10, TimeUnit.SECONDS);
        assertTrue(String.valueOf(refusal).contains("reads must not wait"), String.valueOf(refusal));
        valve.open();
        parent.flush(Duration.ofSeconds(20));
    }
}
