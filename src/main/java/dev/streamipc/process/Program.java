package dev.streamipc.process;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kinds of program that a child can be. */
sealed interface Program {

    String defaultName();

    /** Returns the same program under a memory limit, instead of the one that it has. */
    Program limitedTo(long bytes);

    /**
     * A main class of this JVM's class path.
     *
     * @param archives where class archives are, null for none
     */
    record Java(
            Class<?> main,
            List<String> jvmOptions,
            @Nullable MemoryLimit limit,
            @Nullable Path archives) implements Program {
        public Java {
            jvmOptions = WordEncoding.withoutNul("JVM option", jvmOptions);
            if (limit != null) {
                requireHeapOnce(jvmOptions, limit);
            }
        }

        Java(Class<?> main, List<String> jvmOptions, @Nullable MemoryLimit limit) {
            this(main, jvmOptions, limit, null);
        }

        @Override
        public String defaultName() {
            return main.getSimpleName().isEmpty() ? main.getName() : main.getSimpleName();
        }

        @Override
        public Program limitedTo(long bytes) {
            return new Java(main, jvmOptions, MemoryLimit.ofHeap(bytes), archives);
        }

        private static void requireHeapOnce(List<String> jvmOptions, MemoryLimit limit) {
            jvmOptions.stream().filter(MemoryLimit::isHeapSet).findFirst().ifPresent(option -> {
                throw new IllegalArgumentException("the heap is limited twice, memoryLimitBytes=" + limit.bytes()
                        + ", jvmOption=" + option + "; give one of them");
            });
        }
    }

    /** A script, and the interpreter that the user insists on. */
    record Python(
            Path script,
            @Nullable Path interpreter,
            @Nullable MemoryLimit limit) implements Program {
        @Override
        public String defaultName() {
            return fileName(script).replaceFirst("\\.py$", "");
        }

        @Override
        public Program limitedTo(long bytes) {
            return new Python(script, interpreter, MemoryLimit.ofAddressSpace(bytes));
        }
    }

    /** An executable and its words, as given. */
    record Command(List<String> words, @Nullable MemoryLimit limit) implements Program {
        public Command {
            words = WordEncoding.withoutNul("command", words);
            if (words.isEmpty() || words.get(0).isEmpty()) {
                throw new IllegalArgumentException("command is empty; name an executable");
            }
        }

        @Override
        public String defaultName() {
            String executable = words.get(0);
            int slash = Math.max(executable.lastIndexOf('/'), executable.lastIndexOf('\\'));
            return executable.substring(slash + 1);
        }

        @Override
        public Program limitedTo(long bytes) {
            return new Command(words, MemoryLimit.ofAddressSpace(bytes));
        }
    }

    private static String fileName(Path path) {
        Path last = path.getFileName();
        return last == null ? path.toString() : last.toString();
    }
}
