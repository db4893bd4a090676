package dev.streamipc.process;

import dev.streamipc.message.StartFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Fails to start a child, waits for a byte, tries again, and prints what came of it. */
final class FewDescriptorsMain {

    private FewDescriptorsMain() {}

    public static void main(String[] arguments) throws IOException {
        // Once in peace: a class that is not loaded yet takes a descriptor.
        Descriptors.requireHeadroom(List.of());
        print(Child.command("true").directory(Path.of("/no/such")));
        System.in.read();
        print(Child.command("true"));
    }

    private static void print(Child child) {
        try {
            ChildProcess.start(child);
            System.out.println("started");
        } catch (StartFailed e) {
            System.out.println(e.getMessage());
        }
    }
}
