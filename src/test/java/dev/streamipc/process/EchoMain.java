package dev.streamipc.process;

/** Prints the system properties, and {@code maxMemory}, that its first argument names, then the other arguments; exits with 3, or eats all memory, if told to. */
final class EchoMain {

    private EchoMain() {}

    public static void main(String[] arguments) {
        for (String property : arguments[0].split(",")) {
            System.out.println(property + "=" + value(property));
        }
        for (int i = 1; i < arguments.length; i++) {
            System.out.println(arguments[i]);
        }
        if (arguments[0].equals("exit3")) {
            System.exit(3);
        }
        if (arguments[0].equals("eat")) {
            byte[][] food = new byte[1_000][];
            for (int i = 0; i < food.length; i++) {
                food[i] = new byte[1 << 20];
            }
        }
    }

    private static String value(String property) {
        return property.equals("maxMemory")
                ? Long.toString(Runtime.getRuntime().maxMemory())
                : System.getProperty(property);
    }
}
