package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.KryoException;

/** How many values stand around the current one. The bound keeps a payload from using up the stack. */
final class Depth {

    /** The same as in JSON. */
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
