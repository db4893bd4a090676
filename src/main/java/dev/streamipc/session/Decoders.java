package dev.streamipc.session;

import dev.streamipc.frame.Frame;
import dev.streamipc.frame.LandingPlaces;
import java.util.concurrent.ArrayBlockingQueue;

/** Decodes for any thread, with as many codecs as there are threads at it. */
final class Decoders {

    private static final int SPARES = 4;

    private final Agreement agreement;
    private final ArrayBlockingQueue<Decoding> spares = new ArrayBlockingQueue<>(SPARES);

    Decoders(Agreement agreement) {
        this.agreement = agreement;
    }

    /** The same as {@link Decoding#decode}. */
    Decoded decode(Frame frame, int headBytes, LandingPlaces places) {
        Decoding spare = spares.poll();
        Decoding decoding = spare == null ? new Decoding(agreement) : spare;
        Decoded decoded = decoding.decode(frame, 0, headBytes, places);
        spares.offer(decoding);
        return decoded;
    }
}
