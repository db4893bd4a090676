package dev.streamipc.fuzz;

import java.util.Arrays;

/** Reads an input as a list of small choices; behind its end every choice is 0. */
public final class Script {

    private final byte[] input;
    private int at;

    public Script(byte[] input) {
        this.input = input;
    }

    public boolean hasMore() {
        return at < input.length;
    }

    /** Returns the next byte, 0 to 255. */
    public int next() {
        return at < input.length ? input[at++] & 0xFF : 0;
    }

    /** Returns a choice below a bound of at most 256. */
    public int below(int bound) {
        return next() % bound;
    }

    /** Returns the next so many bytes, fewer at the end. */
    public byte[] bytes(int count) {
        byte[] taken = Arrays.copyOfRange(input, at, Math.min(input.length, at + count));
        at += taken.length;
        return taken;
    }
}
