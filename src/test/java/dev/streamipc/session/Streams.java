package dev.streamipc.session;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.Message;
import dev.streamipc.message.StreamRequest;
import dev.streamipc.message.UploadRequest;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** Two sessions that talk to each other in this JVM, and messages for streams between them. */
final class Streams implements AutoCloseable {

    record Count(int upTo, int bytes) implements StreamRequest<Part> {}

    /** With a negative number it can be sent only. */
    record Part(int number, byte[] bytes) implements Message {

        /** As decoders see it. */
        Part {
            if (number < 0 && decoding()) {
                throw new IllegalArgumentException("number=" + number);
            }
        }

        private static boolean decoding() {
            return StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getClassName().contains("Codec")));
        }
    }

    record Sum(String name) implements UploadRequest<Part, Total> {}

    record Total(long sum, int count) implements Message {}

    static final Class<?>[] ALL = {Count.class, Sum.class, Samples.Ask.class};

    final IpcPeer askingPeer;
    final IpcPeer answeringPeer;
    final IpcSession asking;
    final IpcSession answering;

    Streams() {
        this(settings -> settings);
    }

    Streams(UnaryOperator<IpcPeer.Builder> answeringSettings) {
        askingPeer =
                IpcPeer.builder().messages(ALL).deadline(Duration.ofSeconds(20)).build();
        answeringPeer = answeringSettings.apply(IpcPeer.builder().messages(ALL)).build();
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
        asking = askingPeer.createSession(pair.left(), Role.PARENT);
        answering = answeringPeer.createSession(pair.right(), Role.CHILD);
    }

    static Part part(int number, int bytes) {
        byte[] filled = new byte[bytes];
        java.util.Arrays.fill(filled, (byte) number);
        return new Part(number, filled);
    }

    /** Counts on request, and sums up what is brought. */
    void answerUsual() {
        answering.onStream(Count.class, (count, parts) -> {
            for (int i = 0; i < count.upTo(); i++) {
                parts.send(part(i, count.bytes()));
            }
        });
        answering.onUpload(Sum.class, (sum, parts, context) -> {
            long total = 0;
            int count = 0;
            for (Part part : parts) {
                total += part.number();
                count++;
            }
            return new Total(total, count);
        });
        answering.onRequest(Samples.Ask.class, ask -> new Samples.Answer(ask.text()));
        answering.start();
    }

    @Override
    public void close() {
        askingPeer.close();
        answeringPeer.close();
    }
}
