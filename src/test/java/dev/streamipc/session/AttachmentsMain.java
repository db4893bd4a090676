package dev.streamipc.session;

import dev.streamipc.message.Attachment;
import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.process.Child;
import dev.streamipc.process.ChildChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures attachments against a plain loop over the same kind of channel, at the slices that are best for it: 8 KiB at the
 * parent's end of pipes, 256 KiB direct on sockets. The ways take turns, round by round. Prints GB/s, medians, and the ratio
 * to the plain loop. The arguments are MiB, rounds and, perhaps, a part of the names of the ways to look at; or what a child is to do.
 */
final class AttachmentsMain {

    private static final int PIPE_BYTES = 8 << 10;
    private static final int CHILD_PIPE_BYTES = 64 << 10;
    private static final int SOCKET_BYTES = 256 << 10;

    record Up(Attachment bytes) implements Request<Done> {}

    record Done(int bytes) implements Message {}

    record Down(int bytes) implements Request<Back> {}

    record Back(Attachment bytes) implements Message {}

    /** Something that moves all the bytes once. */
    private interface Way {
        void run() throws IOException;
    }

    private AttachmentsMain() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "child" -> serve(Integer.parseInt(args[1]));
            case "pipe" -> rawPipe(Integer.parseInt(args[1]));
            case "socket" -> rawSocket(Integer.parseInt(args[1]), Path.of(args[2]));
            default ->
                measure(Integer.parseInt(args[0]) << 20, Integer.parseInt(args[1]), args.length > 2 ? args[2] : "");
        }
    }

    private static IpcPeer peer(int bytes) {
        return IpcPeer.builder()
                .messages(Up.class, Down.class)
                .limits(Limits.DEFAULT.withMaxPayloadBytes(bytes + (1 << 20)))
                .build();
    }

    private static void serve(int bytes) throws InterruptedException {
        ByteBuffer back = ByteBuffer.allocate(bytes);
        try (IpcPeer peer = peer(bytes)) {
            IpcSession session = peer.createStdioSession();
            session.onRequest(Up.class, up -> new Done(up.bytes().lengthBytes()));
            session.onRequest(Down.class, down -> new Back(Attachment.of(back)));
            session.start();
            session.awaitClosed(Duration.ofHours(1));
        }
    }

    /** Answers 64 MiB by a byte, and a byte by 64 MiB, in turn. */
    private static void rawPipe(int bytes) throws IOException {
        InputStream in = new java.io.FileInputStream(java.io.FileDescriptor.in);
        OutputStream out = new java.io.FileOutputStream(java.io.FileDescriptor.out);
        byte[] slice = new byte[CHILD_PIPE_BYTES];
        while (take(in, slice, bytes)) {
            out.write(1);
            if (in.read() < 0) {
                return;
            }
            give(out, slice, bytes);
        }
    }

    private static boolean take(InputStream in, byte[] slice, long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            int count = in.read(slice, 0, (int) Math.min(left, slice.length));
            if (count < 0) {
                return false;
            }
            left -= count;
        }
        return true;
    }

    private static void give(OutputStream out, byte[] slice, long bytes) throws IOException {
        for (long left = bytes; left > 0; left -= slice.length) {
            out.write(slice, 0, (int) Math.min(left, slice.length));
        }
        out.flush();
    }

    private static void rawSocket(int bytes, Path path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            ByteBuffer slice = ByteBuffer.allocateDirect(SOCKET_BYTES);
            while (take(channel, slice, bytes)) {
                give(channel, slice, 1);
                if (!take(channel, slice, 1)) {
                    return;
                }
                give(channel, slice, bytes);
            }
        }
    }

    private static boolean take(SocketChannel in, ByteBuffer slice, long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            int count = in.read(slice.clear().limit((int) Math.min(left, slice.capacity())));
            if (count < 0) {
                return false;
            }
            left -= count;
        }
        return true;
    }

    private static void give(SocketChannel out, ByteBuffer slice, long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            left -= out.write(slice.clear().limit((int) Math.min(left, slice.capacity())));
        }
    }

    private static Process raw(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-cp",
                System.getProperty("java.class.path"),
                AttachmentsMain.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void measure(int bytes, int rounds, String only) throws Exception {
        Path folder = Files.createTempDirectory("attachments");
        Path path = folder.resolve("s");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        Process pipe = raw("pipe", Integer.toString(bytes));
        Process socketChild = raw("socket", Integer.toString(bytes), path.toString());
        try (IpcPeer peer = peer(bytes);
                SocketChannel socket = server.accept()) {
            Map<String, Way> ways = new LinkedHashMap<>();
            InputStream in = pipe.getInputStream();
            OutputStream out = pipe.getOutputStream();
            byte[] slice = new byte[PIPE_BYTES];
            ways.put("stdio up raw", () -> {
                give(out, slice, bytes);
                in.read();
            });
            ways.put("stdio down raw", () -> {
                out.write(1);
                out.flush();
                take(in, slice, bytes);
            });
            sessionWays(ways, "stdio", peer, ChildChannel.STDIO, bytes);
            ByteBuffer direct = ByteBuffer.allocateDirect(SOCKET_BYTES);
            ways.put("socket up raw", () -> {
                give(socket, direct, bytes);
                take(socket, direct, 1);
            });
            ways.put("socket down raw", () -> {
                give(socket, direct, 1);
                take(socket, direct, bytes);
            });
            sessionWays(ways, "socket", peer, ChildChannel.UNIX_SOCKET, bytes);
            ways.keySet().removeIf(name -> !name.endsWith("raw") && !name.contains(only));
            print(run(ways, rounds), bytes);
        } finally {
            pipe.destroyForcibly();
            socketChild.destroyForcibly();
            server.close();
            Files.deleteIfExists(path);
            Files.deleteIfExists(folder);
        }
    }

    private static void sessionWays(Map<String, Way> ways, String name, IpcPeer peer, ChildChannel channel, int bytes) {
        IpcSession session = peer.spawn(Child.java(AttachmentsMain.class)
                .jvmOptions("-Xmx" + (bytes / (1 << 20) * 6 + 64) + "m")
                .arguments("child", Integer.toString(bytes))
                .over(channel));
        CallOptions options = CallOptions.deadline(Duration.ofMinutes(2));
        ByteBuffer heap = ByteBuffer.allocate(bytes);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes);
        ways.put(name + " up from heap", () -> session.call(new Up(Attachment.of(heap)), options));
        ways.put(name + " up from direct", () -> session.call(new Up(Attachment.of(direct)), options));
        ways.put(name + " down default", () -> session.call(new Down(bytes), options));
        ways.put(name + " down into heap", () -> session.call(new Down(bytes), options.attachmentsInto(heap)));
        ways.put(name + " down into direct", () -> session.call(new Down(bytes), options.attachmentsInto(direct)));
    }

    /** The first rounds warm up and do not count. */
    private static Map<String, double[]> run(Map<String, Way> ways, int rounds) throws IOException {
        Map<String, double[]> nanos = new LinkedHashMap<>();
        for (int round = -5; round < rounds; round++) {
            for (Map.Entry<String, Way> way : ways.entrySet()) {
                long start = System.nanoTime();
                way.getValue().run();
                long took = System.nanoTime() - start;
                if (round >= 0) {
                    nanos.computeIfAbsent(way.getKey(), name -> new double[rounds])[round] = took;
                }
            }
        }
        return nanos;
    }

    private static void print(Map<String, double[]> nanos, int bytes) {
        nanos.forEach((name, all) -> {
            String[] words = name.split(" ");
            double raw = median(nanos.get(words[0] + " " + words[1] + " raw"));
            double own = median(all);
            System.out.println(String.format(Locale.ROOT, "%-24s %6.2f GB/s  %5.2fx", name, bytes / own, raw / own));
        });
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
