package dev.streamipc.process;

import java.io.IOException;

/** A parent that starts one {@link OrphanChild}, prints its pid, and does nothing until its own input ends. */
final class OrphanParent {

    private OrphanParent() {}

    public static void main(String[] args) throws IOException {
        Process child = Jvm.of(OrphanChild.class, args).start();
        System.out.println(child.pid());
        try {
            System.in.read();
        } finally {
            child.destroyForcibly();
        }
    }
}
