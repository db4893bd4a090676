package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A foreign side that uses an id again as soon as its answer is there. */
@Timeout(30)
class ReusedIdTest {

    private static final long ID = Long.MIN_VALUE | 7;

    @Test
    void idIsFreeOnceItsAnswerHasCome() throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 20, true);
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
            parent.onRequest(Ask.class, ask -> new Answer(ask.text()));
            parent.start();
            FakeSide child = FakeSide.on(pair.right(), Role.CHILD).hello().ready("reader");
            for (int i = 0; i < 2_000; i++) {
                child.send(Kind.REQUEST, 0, ID, FakeSide.asked(Ask.class, -1, "{\"text\":\"" + i + "\"}"));

                assertTrue(child.await(Kind.REPLY).text().contains("\"" + i + "\""));
            }
        }
    }
}
