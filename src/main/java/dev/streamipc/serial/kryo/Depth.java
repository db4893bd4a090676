package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.KryoException;

/** How deep values may nest, on the way out and on the way in; the same bound as in JSON. */
final class Depth {

    private static final int MAX_DEPTH = 64;

    private int depth;

    void reset() {
        depth = 0;
    }

    void enter() {
        if (++depth > MAX_DEPTH) {
            throw new KryoException("nesting over the limit: maxDepth=" + MAX_DEPTH);
        }
    }

    void leave() {
        depth--;
    }
}
