package dev.streamipc.session;

import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Streams.Count;
import dev.streamipc.session.Streams.Sum;
import dev.streamipc.session.Streams.Total;
import java.util.concurrent.atomic.AtomicInteger;

/** A child that counts on request and sums up what is brought; asked, it says how many of its streams have ended. */
final class StreamChild {

    private StreamChild() {}

    public static void main(String[] args) throws Exception {
        AtomicInteger ended = new AtomicInteger();
        try (IpcPeer peer = IpcPeer.builder().messages(Streams.ALL).build()) {
            IpcSession session = peer.createStdioSession();
            session.onStream(Count.class, (count, parts) -> {
                try {
                    for (int i = 0; i < count.upTo(); i++) {
                        parts.send(Streams.part(i, count.bytes()));
                    }
                } finally {
                    ended.incrementAndGet();
                }
            });
            session.onUpload(Sum.class, (sum, parts, context) -> {
                try {
                    long total = 0;
                    int count = 0;
                    for (Streams.Part part : parts) {
                        total += part.number();
                        count++;
                    }
                    return new Total(total, count);
                } finally {
                    ended.incrementAndGet();
                }
            });
            session.onRequest(Ask.class, ask -> new Answer(Integer.toString(ended.get())));
            session.serve();
        }
    }
}
