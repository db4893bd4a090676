package dev.streamipc.process;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Prints its arguments, each as the hexadecimal digits of its UTF-8 bytes. */
final class ArgumentsMain {

    private ArgumentsMain() {}

    public static void main(String[] arguments) {
        for (String argument : arguments) {
            System.out.println(HexFormat.of().formatHex(argument.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
