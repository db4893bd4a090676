package dev.streamipc.sample;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A folder full of files, and what is in each, known from making it. Any name can be made in any locale. */
final class FileTree {

    private static final List<String> ODD_NAMES = List.of(
            "two words",
            " led and trailed ",
            "'single' and \"double\"",
            "line\nfeed",
            "\ttab\rreturn\u001b[31m",
            "back\\slash\\n",
            "-n",
            "--json",
            "*?[a]$HOME`x`",
            "\u00fcml\u00e4ut",
            "u\u0308 combined",
            "\u65e5\u672c\u8a9e",
            "\ud83d\ude00\ud83c\uddea\ud83c\uddfa",
            "\ufffd replacement",
            "\u0085next line\u2028",
            "{\"path\":1}",
            "z".repeat(255));

    private final Path root;
    private final Random random = new Random(7);
    private final Map<String, String> facts =
            new TreeMap<>((one, other) -> Arrays.compareUnsigned(one.getBytes(UTF_8), other.getBytes(UTF_8)));

    FileTree(Path root) throws IOException {
        this.root = Files.createDirectories(root).toRealPath();
    }

    /** Makes a tree of small files. */
    FileTree(Path root, int files) throws IOException, GeneralSecurityException {
        this(root);
        for (int i = 0; i < files; i++) {
            add("file" + i, noise(i));
        }
    }

    /** Makes a tree of every kind of name and content, and of things that are no regular files. */
    static FileTree varied(Path root) throws Exception {
        FileTree tree = new FileTree(root);
        for (String name : ODD_NAMES) {
            tree.add(name, tree.noise(100));
            tree.add("folder of " + name.substring(0, Math.min(name.length(), 100)) + "/" + name, tree.noise(10));
        }
        tree.add("empty", new byte[0]);
        tree.add("one feed", "\n".getBytes(UTF_8));
        tree.add("no feed at the end", "one\ntwo".getBytes(UTF_8));
        tree.add("returns", "one\r\ntwo\r\n".getBytes(UTF_8));
        tree.add("larger than a chunk", tree.noise(300_001));
        tree.add("deep/".repeat(200) + "down", tree.noise(5));
        for (String name : List.of("a/b", "a.b", "a0", "a b", "a/.hidden")) {
            tree.add(name, tree.noise(20));
        }
        for (int i = 0; i < 480; i++) {
            tree.add("many/" + i % 7 + "/" + i + ".bin", tree.noise(tree.random.nextInt(3_000)));
        }
        tree.addOthers();
        return tree;
    }

    private void addOthers() throws Exception {
        Files.createSymbolicLink(root.resolve("link to a file"), root.resolve("empty"));
        Files.createSymbolicLink(root.resolve("link to a folder"), root.resolve("many"));
        Files.createSymbolicLink(root.resolve("link round"), root);
        Files.createSymbolicLink(root.resolve("link to nothing"), Path.of("nowhere"));
        Files.createDirectory(root.resolve("empty folder"));
        makeFifo(root.resolve("many/fifo"));
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(root.resolve("socket")));
        }
    }

    private static void makeFifo(Path path) throws IOException, InterruptedException {
        Process mkfifo =
                new ProcessBuilder("mkfifo", path.toString()).inheritIO().start();
        assertEquals(0, mkfifo.waitFor());
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    Path root() {
        return root;
    }

    /** Returns sha256, lines and bytes of each file, in the order of the bytes of the paths. */
    Map<String, String> facts() {
        return facts;
    }

    Path add(String path, byte[] content) throws IOException, GeneralSecurityException {
        long lines =
                new String(content, ISO_8859_1).chars().filter(c -> c == '\n').count();
        facts.put(path, digest(content) + " " + lines + " " + content.length);
        return write(path.getBytes(UTF_8), content);
    }

    private static String digest(byte[] content) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    /** Adds a file whose name may be any bytes. */
    Path write(byte[] path, byte[] content) throws IOException {
        Path file = at(path);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    /** Adds a file of zeros that takes no space and some time to read. */
    Path addSparse(String path, long bytes) throws IOException {
        Path file = root.resolve(path);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(bytes);
        }
        return file;
    }

    /** Puts a FIFO that nobody writes to in the place of a file. */
    void swapForFifo(String path) throws IOException, InterruptedException {
        Files.delete(root.resolve(path));
        makeFifo(root.resolve(path));
    }

    void swapForLink(String path, String target) throws IOException {
        Files.delete(root.resolve(path));
        Files.createSymbolicLink(root.resolve(path), root.resolve(target));
    }

    /** Returns what the tool says of every file, in the order of {@link #facts}. */
    Map<String, String> sha256sums() throws IOException, InterruptedException {
        Process find = new ProcessBuilder("find", ".", "-type", "f", "-exec", "sha256sum", "-z", "{}", "+")
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(find.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, find.waitFor());
        Map<String, String> sums = new LinkedHashMap<>();
        facts.keySet().forEach(path -> sums.put(path, ""));
        for (String line : output.split("\0")) {
            sums.put(line.substring("./".length() + 66), line.substring(0, 64));
        }
        return sums;
    }

    /** Goes by a URI, which names bytes whatever the locale of this JVM. */
    private Path at(byte[] path) {
        StringBuilder uri = new StringBuilder(root.toUri().toString());
        for (byte b : path) {
            uri.append(b == '/' ? "/" : "%" + HexFormat.of().withUpperCase().toHexDigits(b));
        }
        return Path.of(URI.create(uri.toString()));
    }
}
