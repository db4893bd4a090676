package dev.streamipc.process;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which children a class archive is not for. */
final class ArchiveRules {

    /** What has to do with archives itself, changes classes or where they come from, or hides further options. */
    private static final Pattern NOT_WITH =
            Pattern.compile("(^|\\s)(-Xshare|-XX:\\S*(Shared|AOT|CDS|ArchiveClasses|LoadedClassList|Flags=|OptionsFile)"
                    + "|-(javaagent|agentlib|agentpath|Xrun|Xbootclasspath|cp|classpath|p)\\b|-Djava.system.class.loader"
                    + "|--(class-path|module-path|patch-module|upgrade-module-path|limit-modules)|@)");

    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use(?!Serial|Parallel|G1)\\w+GC\\b");
    private static final Pattern HEAP = Pattern.compile("-(?:Xmx|XX:MaxHeapSize=)(\\d{1,15})([kKmMgGtT]?)");

    private static final String UNITS = "kmgt";

    /** From here on a JVM has longer pointers, and has no use for an archive with short ones. */
    private static final long LARGE_HEAP_BYTES = 31L << 30;

    private ArchiveRules() {}

    /** Returns why there should be none, if so. Options are not shown: they may hold secrets. */
    static Optional<String> hindrance(Program.Java program, Map<String, String> environment) {
        List<String> variables = JavaCommand.OPTION_VARIABLES.stream()
                .map(environment::get)
                .filter(Objects::nonNull)
                .toList();
        List<String> texts =
                Stream.concat(program.jvmOptions().stream(), variables.stream()).toList();
        @Nullable MemoryLimit limit = program.limit();
        if (program.main().getModule().isNamed()) {
            return Optional.of("its main class is in a named module");
        }
        if (!System.getProperty("java.vm.name", "").matches(".*(OpenJDK|HotSpot).*")) {
            return Optional.of("this JVM is not HotSpot");
        }
        if (texts.stream().anyMatch(text -> NOT_WITH.matcher(text).find())) {
            return Optional.of("a JVM option has to do with archives, agents or the class path itself");
        }
        if (variables.stream().anyMatch(ArchiveKey::hasAgreed)) {
            return Optional.of("a variable has JVM options that an archive depends on");
        }
        if (texts.stream().anyMatch(text -> COLLECTOR.matcher(text).find())) {
            return Optional.of("its garbage collector has no use for one");
        }
        return texts.stream().anyMatch(ArchiveRules::isLargeHeap) || limit != null && limit.bytes() >= LARGE_HEAP_BYTES
                ? Optional.of("its heap is too large")
                : Optional.empty();
    }

    private static boolean isLargeHeap(String text) {
        Matcher heap = HEAP.matcher(text);
        boolean large = false;
        while (heap.find()) {
            int unit = heap.group(2).isEmpty()
                    ? 0
                    : 1 + UNITS.indexOf(heap.group(2).toLowerCase(Locale.ROOT));
            large |= Long.parseLong(heap.group(1)) >= LARGE_HEAP_BYTES >> 10 * unit;
        }
        return large;
    }
}
