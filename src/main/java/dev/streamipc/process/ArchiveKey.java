package dev.streamipc.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What an archive is for: children with the same key share one.
 *
 * @param main whose run says which classes are in it
 * @param classPath absolute
 * @param options those that an archive and its user have to agree on
 * @param jdk how this JDK differs from others
 */
record ArchiveKey(String main, List<Path> classPath, List<String> options, String jdk) {

    private static final Pattern AGREED =
            Pattern.compile("--enable-preview|-XX:\\+Unlock\\w+|-XX:ObjectAlignmentInBytes=\\d+"
                    + "|-XX:[+-]Use(CompressedOops|CompressedClassPointers|CompactObjectHeaders)");

    private static final long FNV_START = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    ArchiveKey {
        classPath = List.copyOf(classPath);
        options = List.copyOf(options);
    }

    static ArchiveKey of(Program.Java program) throws IOException {
        List<Path> entries = Arrays.stream(JavaCommand.absolute(System.getProperty("java.class.path", ""))
                        .split(Pattern.quote(File.pathSeparator)))
                .map(Path::of)
                .toList();
        List<String> agreed = program.jvmOptions().stream()
                .filter(option -> AGREED.matcher(option).matches())
                .toList();
        return new ArchiveKey(program.main().getName(), entries, agreed, thisJdk());
    }

    /** Returns whether a text of several options has one that {@link #options} would have to hold. */
    static boolean hasAgreed(String text) {
        return AGREED.matcher(text).find();
    }

    /** An update may leave the version as it was. */
    private static String thisJdk() throws IOException {
        Path home = Path.of(System.getProperty("java.home"));
        return Runtime.version() + " " + System.getProperty("java.vm.vendor") + " "
                + FileStamp.of(home.resolve("lib").resolve("modules")).line();
    }

    /** Returns all of it, in lines. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("jdk=" + jdk);
        lines.add("main=" + main);
        options.forEach(option -> lines.add("option=" + option));
        classPath.forEach(entry -> lines.add("entry=" + entry));
        return lines;
    }

    /**
     * Returns a name that hardly any other key has (FNV-1a): which it is, its lines tell. A digest for the wary would
     * cost a JVM 20 ms at its first use.
     */
    String name() {
        long hash = FNV_START;
        for (char c : String.join("\n", lines()).toCharArray()) {
            hash = (hash ^ c) * FNV_PRIME;
        }
        return String.format("%016x", hash);
    }

    /** Returns the words of {@code java} that all have in common: who makes the archive, and who tries it. */
    List<String> words() {
        List<String> words = new ArrayList<>(options);
        words.add("-XX:+UseSerialGC");
        words.add("-cp");
        words.add(String.join(
                File.pathSeparator, classPath.stream().map(Path::toString).toList()));
        return words;
    }
}
