package dev.streamipc.bench.raw;

/** A JVM that starts, says so, and ends. */
final class Bare {

    private Bare() {}

    public static void main(String[] words) {
        System.out.println("up");
    }
}
