package dev.streamipc.faults;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;

/** What a handler does to its own process. */
record Harm(Hook hook) {

    void by(String how) throws IOException {
        switch (how) {
            case "halt-0" -> Runtime.getRuntime().halt(0);
            case "halt-1" -> Runtime.getRuntime().halt(1);
            case "exit-3" -> System.exit(3);
            case "memory" -> fillMemory();
            case "stack" -> hook.append(Hook.MARKS, "depth " + depth(0));
            case "grandchild" -> {
                Process grandchild = new ProcessBuilder("sleep", "600")
                        .redirectOutput(Redirect.INHERIT)
                        .start();
                hook.append(Hook.MARKS, "grandchild pid=" + grandchild.pid());
                hook.hold("handler");
            }
            default -> {}
        }
    }

    private static void fillMemory() {
        List<long[]> kept = new ArrayList<>();
        while (kept.size() < Integer.MAX_VALUE) {
            kept.add(new long[1 << 16]);
        }
    }

    private static int depth(int from) {
        return from < 0 ? from : depth(from + 1) + 1;
    }
}
