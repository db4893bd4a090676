package dev.streamipc.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What is fuzzed, and the fault that each has to find first. */
enum Target {
    FRAMES(
            FrameTarget.class,
            FrameTarget::fuzzerTestOneInput,
            "frame",
            new Fault("frame/FrameDecoder", "in.want(lengthBytes);", "in.want(lengthBytes + 1);")),
    SESSION(
            SessionTarget.class,
            SessionTarget::fuzzerTestOneInput,
            "session",
            new Fault("session/CallRules", "case HAD_LEFT -> ENDED_SENT;", "case HAD_LEFT -> ENDED_QUEUED;")),
    KRYO(
            KryoTarget.class,
            KryoTarget::fuzzerTestOneInput,
            "serial",
            new Fault("serial/kryo/Source", "elements < 0 || elements > bytesLeft() / bytesEach", "elements < 0")),
    JSON(
            JsonTarget.class,
            JsonTarget::fuzzerTestOneInput,
            "serial",
            new Fault("serial/json/NumberReader", " || Double.isInfinite(number)", ""));

    private static final Path STORED = Path.of("src", "test", "resources", "fuzz");

    final Class<?> type;
    final Consumer<byte[]> body;
    final String floor;
    final Fault planted;

    /** A line of the library, and what it is exchanged for. */
    record Fault(String file, String sound, String faulty) {}

    Target(Class<?> type, Consumer<byte[]> body, String floor, Fault planted) {
        this.type = type;
        this.body = body;
        this.floor = floor;
        this.planted = planted;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the folder of the inputs that every build runs again. */
    Path stored() {
        return STORED.resolve(label());
    }

    List<Path> storedInputs() throws IOException {
        try (Stream<Path> files = Files.list(stored())) {
            return files.sorted().toList();
        }
    }

    /** Returns where fuzzing begins, beside the stored inputs: whole messages, where they can't be guessed. */
    Stream<byte[]> seeds() {
        return switch (this) {
            case FRAMES, SESSION -> Stream.of(new byte[2]);
            case KRYO -> KryoTarget.PAYLOADS.seeds();
            case JSON -> JsonTarget.PAYLOADS.seeds();
        };
    }

    /** Returns pieces of inputs that chance alone would take long to find. */
    List<String> words() {
        return this == JSON
                ? List.of(
                        "null",
                        "true",
                        "e999",
                        "1e",
                        "\\\\ud800",
                        "\\\\u0000",
                        "NaN",
                        "{\\\"",
                        "\\\":",
                        "[[[[",
                        "]",
                        "}")
                : List.of();
    }
}
