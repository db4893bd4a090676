package dev.streamipc.session;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.LogMessage;
import dev.streamipc.message.Message;
import dev.streamipc.message.NDArray;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two sides that speak one serializer, and the functions that the tests call. */
abstract class ByNameSides {

    enum Colour {
        RED,
        BLUE
    }

    record Thumbnail(String path, int width, Optional<Colour> colour) implements Message {}

    /** Has the array registered. */
    record Holder(NDArray array) implements Message {}

    final IpcPeer left;
    final IpcPeer right;
    final boolean isJson;
    IpcSession parent;
    IpcSession child;

    ByNameSides(String name) {
        isJson = name.equals("json");
        MessageSerializer serializer = isJson ? new JsonMessageSerializer() : new KryoMessageSerializer();
        left = peer(serializer);
        right = peer(serializer);
    }

    private static IpcPeer peer(MessageSerializer serializer) {
        return IpcPeer.builder()
                .messages(Thumbnail.class, Holder.class)
                .serializers(serializer)
                .build();
    }

    @BeforeEach
    void connect() {
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
        parent = left.createSession(pair.left(), Role.PARENT);
        child = right.createSession(pair.right(), Role.CHILD);
    }

    @AfterEach
    void close() {
        left.close();
        right.close();
    }

    /** What the tests call. */
    public static final class Work {

        @Function
        public Thumbnail resize(String path, double scale) {
            return new Thumbnail(path, (int) (100 * scale), Optional.of(Colour.BLUE));
        }

        @Function("total")
        public long sum(List<Long> numbers) {
            long sum = 0;
            for (Long number : numbers) {
                sum += number;
            }
            return sum;
        }

        @Function
        public void nothing() {}

        @Function
        public static String told(RequestContext context, String word) {
            context.progress(new LogMessage(word));
            return word + context.timeLeft().compareTo(CallOptions.MAX_DEADLINE);
        }

        @Function
        public int width(Thumbnail thumbnail, RequestContext context) {
            return thumbnail.width();
        }

        @Function
        public String fail(String why) {
            throw new IllegalStateException(why);
        }

        public String hidden() {
            return "hidden";
        }
    }

    void start() {
        child.functions(new Work());
        child.start();
    }
}
