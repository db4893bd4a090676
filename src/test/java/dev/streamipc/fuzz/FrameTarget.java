package dev.streamipc.fuzz;

import dev.streamipc.frame.ChunkSink;
import dev.streamipc.frame.Feature;
import dev.streamipc.frame.FrameDecoder;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A stream of good, bad and torn frames: cut at other places, it means the same. */
public final class FrameTarget {

    private static final int MAX_PAYLOAD_BYTES = 1 << 18;

    private FrameTarget() {}

    /** Loads what is used, which is not the cost of an input. */
    public static void fuzzerInitialize() {
        run(new byte[] {0});
    }

    /** Takes one input. */
    public static void fuzzerTestOneInput(byte[] input) {
        Budget.hold(() -> run(input));
    }

    private static void run(byte[] input) {
        Script script = new Script(input);
        int choices = script.next();
        byte[] cuts = script.bytes(script.below(8));
        byte[] stream = FrameScript.stream(script);
        List<String> whole = decode(stream, choices, new byte[0]);
        List<String> cut = decode(stream, choices, cuts.length == 0 ? new byte[] {0} : cuts);
        if (!whole.equals(cut)) {
            throw new AssertionError("cut elsewhere, the stream means something else:\n" + whole + "\n" + cut);
        }
    }

    /** Decodes pieces of these sizes, over and over; of none as much at a time as there is room for. */
    private static List<String> decode(byte[] stream, int choices, byte[] sizes) {
        boolean mayCarryJunk = (choices & 1) == 0;
        EventSink events = new EventSink();
        ChunkSink chunks = new ChunkSink(events, MAX_PAYLOAD_BYTES);
        FrameDecoder decoder = new FrameDecoder(chunks, MAX_PAYLOAD_BYTES, mayCarryJunk);
        Runnable open = () -> {
            decoder.salt(FrameScript.SALT);
            Set<Feature> features = (choices & 2) == 0 ? EnumSet.allOf(Feature.class) : Set.of();
            chunks.agreed(FrameScript.SALT, features);
            decoder.allow(features);
        };
        events.onHello(open);
        if ((choices & 4) == 0) {
            open.run();
        }
        feed(decoder, stream, sizes);
        decoder.end();
        return events.events();
    }

    private static void feed(FrameDecoder decoder, byte[] stream, byte[] sizes) {
        int turn = 0;
        for (int at = 0; at < stream.length; ) {
            ByteBuffer room = decoder.room();
            // a long stream in fewer pieces, else most of the time would go there
            int least = 1 + (stream.length >> 9);
            int size = sizes.length == 0 ? room.remaining() : least + (sizes[turn++ % sizes.length] & 0xFF);
            int count = Math.min(Math.min(size, room.remaining()), stream.length - at);
            room.put(stream, at, count);
            decoder.received(count);
            at += count;
        }
    }
}
