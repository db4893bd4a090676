package dev.streamipc.process;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How much memory a child may take: a JVM for its heap, any other program for its address space.
 *
 * @param prefix the words before the child's own that put the limit in force; none for a JVM, which has options for it
 */
record MemoryLimit(long bytes, List<String> prefix) {

    /** No JVM and no Python starts below; a number of mebibytes taken for one of bytes is below, too. */
    static final long MIN_BYTES = 8 << 20;

    static final String ADDRESS_OPTION = "--as=";

    private static final String PROGRAM = "prlimit";
    private static final Pattern HEAP_OPTION = Pattern.compile("(^|\\s)-(X?mx|XX:MaxHeapSize=|XX:MaxRAM\\w*=)");

    MemoryLimit {
        if (bytes < MIN_BYTES) {
            throw new IllegalArgumentException(
                    "memory limit is too small, bytes=" + bytes + ", minBytes=" + MIN_BYTES + "; give it in bytes");
        }
        prefix = List.copyOf(prefix);
    }

    static MemoryLimit ofHeap(long bytes) {
        return new MemoryLimit(bytes, List.of());
    }

    /** Looks for the program that limits and then becomes the child: the process id stays the same. */
    static MemoryLimit ofAddressSpace(long bytes) {
        return ofAddressSpace(bytes, SearchPath.ofThisJvm());
    }

    static MemoryLimit ofAddressSpace(long bytes, SearchPath path) {
        String prlimit = path.first(PROGRAM)
                .orElseThrow(() -> new UnsupportedOperationException(
                        "a memory limit needs the program prlimit, which is not on the PATH, PATH=" + path.folders()
                                + "; install it (package util-linux, Linux only), or start the child without a limit"))
                .toString();
        return new MemoryLimit(bytes, List.of(prlimit, ADDRESS_OPTION + bytes, "--"));
    }

    /** Returns whether JVM options, in one text or one of many, set the size of the heap. */
    static boolean isHeapSet(String options) {
        return HEAP_OPTION.matcher(options).find();
    }

    String heapOption() {
        return "-Xmx" + bytes;
    }
}
