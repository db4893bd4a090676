package dev.streamipc.faults;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Limits;
import dev.streamipc.session.Role;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/** Two sessions; in small ones each side takes at most 4 KiB. */
final class Both implements AutoCloseable {

    static final int LIMIT_BYTES = 4_096;

    final Combo combo;
    final Evidence evidence;
    final IpcPeer left;
    final IpcPeer right;
    final IpcSession parent;
    final IpcSession child;
    final Semaphore entered = new Semaphore(0);
    final Semaphore goOn = new Semaphore(0);
    final CompletableFuture<Void> release = new CompletableFuture<>();
    boolean ended;

    Both(Combo combo, Evidence evidence, boolean small) {
        this.combo = combo;
        this.evidence = evidence;
        left = peer(combo, small);
        right = peer(combo, small);
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 16);
        parent = left.createSession(pair.left(), Role.PARENT);
        child = right.createSession(pair.right(), Role.CHILD);
        child.onRequest(Talk.Blob.class, blob -> new Talk.BlobBack(blob.bytes()));
        child.onRequest(Talk.Ask.class, ask -> {
            if (ask.text().equals("hold")) {
                release.get(20, SECONDS);
            } else if (ask.text().equals("late")) {
                entered.release();
                goOn.acquire();
            }
            return new Talk.Answer(ask.text());
        });
        child.start();
        parent.start();
    }

    private static IpcPeer peer(Combo combo, boolean small) {
        return IpcPeer.builder()
                .messages(Talk.ALL)
                .messages(Fickle.class, Fickle.Back.class)
                .serializers(Talk.serializer(combo))
                .limits(small ? Limits.DEFAULT.withMaxPayloadBytes(LIMIT_BYTES) : Limits.DEFAULT)
                .deadline(Duration.ofSeconds(20))
                .closeLimit(Duration.ofMillis(500))
                .build();
    }

    void goesOn() throws Exception {
        if (!ended) {
            release.complete(null);
            evidence.require(parent.call(new Talk.Ask("fine")).text().equals("fine"), "the session does not go on");
            evidence.answered();
        }
    }

    /** Cancels a call whose answer then comes too late. */
    void lateAnswer() throws Exception {
        CompletableFuture<Talk.Answer> call = parent.request(new Talk.Ask("late"));
        entered.acquire();
        call.cancel(true);
        goOn.release();
        goesOn();
    }

    @Override
    public void close() {
        release.complete(null);
        left.close();
        right.close();
    }
}
