package dev.streamipc.process;

import dev.streamipc.message.StartFailed;
import java.io.IOException;

/** Waits for a byte, then tries to start a child and prints what came of it. */
final class FewDescriptorsMain {

    private FewDescriptorsMain() {}

    public static void main(String[] arguments) throws IOException {
        System.out.println("up");
        System.in.read();
        try {
            ChildProcess.start(Child.command("true"));
            System.out.println("started");
        } catch (StartFailed e) {
            System.out.println(e.getMessage());
        }
    }
}
