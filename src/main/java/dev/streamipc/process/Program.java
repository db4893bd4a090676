package dev.streamipc.process;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kinds of program that a child can be. */
sealed interface Program {

    String defaultName();

    /** A main class of this JVM's class path. */
    record Java(Class<?> main, List<String> jvmOptions) implements Program {
        public Java {
            jvmOptions = List.copyOf(jvmOptions);
        }

        @Override
        public String defaultName() {
            return main.getSimpleName().isEmpty() ? main.getName() : main.getSimpleName();
        }
    }

    /** A script, and the interpreter that the user insists on. */
    record Python(Path script, @Nullable Path interpreter) implements Program {
        @Override
        public String defaultName() {
            return fileName(script).replaceFirst("\\.py$", "");
        }
    }

    /** An executable and its words, as given. */
    record Command(List<String> words) implements Program {
        public Command {
            words = List.copyOf(words);
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
    }

    private static String fileName(Path path) {
        Path last = path.getFileName();
        return last == null ? path.toString() : last.toString();
    }
}
