/** A JVM that starts, says so, and ends: the least that a new worker can cost. */
public final class Bare {

    private Bare() {}

    /** Writes a line. */
    public static void main(String[] arguments) {
        System.out.println("up");
    }
}
