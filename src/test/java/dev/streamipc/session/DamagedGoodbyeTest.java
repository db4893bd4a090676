package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DamagedGoodbyeTest {

    @Test
    void damagedGoodbyeSaysNothingOfTheCallsThatWereStarted() throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 20, true);
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build();
                FakeSide child = FakeSide.on(pair.right(), Role.CHILD)) {
            IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
            child.hello().ready("reader");
            CompletableFuture<Answer> call = parent.request(new Ask("started"));
            long id = child.await(Kind.REQUEST).id();

            byte[] goodbye = child.frame(
                    Kind.GOODBYE, 0, 0, new Goodbye(Goodbye.Reason.CLOSED, "bye", OptionalLong.of(id)).toJson());
            goodbye[goodbye.length - 1]++;
            child.sendRaw(goodbye);
            child.await(Kind.GOODBYE);

            assertFalse(call.isDone(), "its handler may have begun, and may yet answer");
            child.send(Kind.REPLY, 0, id, FakeSide.typed(Answer.class, "{\"text\":\"late but right\"}"));
            assertEquals("late but right", call.get(10, TimeUnit.SECONDS).text());
            Eventually.await("the session has ended", parent::isClosed);
        }
    }
}
