package dev.streamipc.process;

/** Prints the system properties that its first argument names, then the other arguments; or eats all memory. */
final class EchoMain {

    private EchoMain() {}

    public static void main(String[] arguments) {
        for (String property : arguments[0].split(",")) {
            System.out.println(property + "=" + System.getProperty(property));
        }
        for (int i = 1; i < arguments.length; i++) {
            System.out.println(arguments[i]);
        }
        if (arguments[0].equals("eat")) {
            byte[][] food = new byte[1_000][];
            for (int i = 0; i < food.length; i++) {
                food[i] = new byte[1 << 20];
            }
        }
    }
}
