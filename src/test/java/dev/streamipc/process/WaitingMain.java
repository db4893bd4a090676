package dev.streamipc.process;

import java.io.IOException;

/** Says that it is up and waits for the end of its stdin; needs no other class of ours. */
final class WaitingMain {

    private WaitingMain() {}

    public static void main(String[] arguments) throws IOException {
        System.out.println("up");
        while (System.in.read() >= 0) {}
    }
}
