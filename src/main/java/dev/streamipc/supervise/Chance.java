package dev.streamipc.supervise;

/** Chance that is the same for the same seed. */
final class Chance {

    private static final double DOUBLE_UNIT = 0x1.0p-53;

    private Chance() {}

    /** Returns a number from 0 to below 1. */
    static double roll(long seed) {
        return (mix(seed) >>> 11) * DOUBLE_UNIT;
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014), on the next number of its sequence. */
    static long mix(long seed) {
        long z = seed + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
