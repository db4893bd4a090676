package dev.streamipc.session;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.process.Child;
import dev.streamipc.process.PackedClassPath;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long a JVM child takes until {@code spawn} returns, and until its first call is answered, with a class archive and
 * without, in turns, and prints a table, for docs/CHANNELS.md. Its argument is an empty folder. With the argument {@code
 * child} it is the child.
 */
final class StartsMain {

    private static final int ROUNDS = 20;
    private static final int WARM_UP = 3;

    record Ask(int number) implements Request<Answer> {}

    record Answer(int number) implements Message {}

    private StartsMain() {}

    public static void main(String[] args) throws IOException {
        try (IpcPeer peer = IpcPeer.builder().messages(Ask.class).build()) {
            if (args[0].equals("child")) {
                IpcSession session = peer.createStdioSession();
                session.onRequest(Ask.class, ask -> new Answer(ask.number()));
                session.serve();
                return;
            }
            Path folder = Path.of(args[0]);
            PackedClassPath.ofThisJvm(folder);
            compare(peer, folder.resolve("archives"));
        }
    }

    private static void compare(IpcPeer peer, Path archives) throws IOException {
        Child plain = Child.java(StartsMain.class).arguments("child");
        Child fast = plain.classArchive(archives);
        startMillis(peer, fast);
        while (!isMade(archives)) {
            LockSupport.parkNanos(1_000_000);
        }
        List<double[]> without = new ArrayList<>();
        List<double[]> with = new ArrayList<>();
        for (int i = 0; i < WARM_UP + ROUNDS; i++) {
            without.add(startMillis(peer, plain));
            with.add(startMillis(peer, fast));
        }
        System.out.println("| JDK | class archive | spawn returns after, ms | first answer after, ms |");
        System.out.println("|---|---|---|---|");
        print("no", without.subList(WARM_UP, without.size()));
        print("yes", with.subList(WARM_UP, with.size()));
    }

    private static boolean isMade(Path archives) throws IOException {
        try (DirectoryStream<Path> made = Files.newDirectoryStream(archives, "[0-9a-f]*[0-9a-f]")) {
            return made.iterator().hasNext();
        }
    }

    private static double[] startMillis(IpcPeer peer, Child child) {
        long start = System.nanoTime();
        try (IpcSession session = peer.spawn(child)) {
            long open = System.nanoTime();
            session.call(new Ask(1));
            return new double[] {(open - start) / 1e6, (System.nanoTime() - start) / 1e6};
        }
    }

    private static void print(String archive, List<double[]> starts) {
        System.out.println("| " + Runtime.version().feature() + " | " + archive + " | " + spread(starts, 0) + " | "
                + spread(starts, 1) + " |");
    }

    /** The median, the lowest and the highest. */
    private static String spread(List<double[]> starts, int column) {
        double[] sorted = starts.stream().mapToDouble(start -> start[column]).toArray();
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT, "%.0f (%.0f to %.0f)", sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }
}
