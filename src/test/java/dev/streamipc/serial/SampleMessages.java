package dev.streamipc.serial;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Messages of every kind that a serializer must carry. */
public final class SampleMessages {

    private SampleMessages() {}

    public enum Colour {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "green as grass";
            }
        }
    }

    public sealed interface Shape {}

    public record Circle(double radius) implements Shape {}

    public record Square(int side) implements Shape {}

    public enum Special implements Shape {
        EMPTY
    }

    public record Part(String name, @Nullable Part next) {}

    public record Empty() implements Message {}

    public record Small(String text, long first, long second) implements Message {}

    public record Numbers(
            boolean flag, byte tiny, short low, char letter, int count, long big, float near, double ratio)
            implements Message {}

    public record Boxes(
            @Nullable Boolean flag,
            @Nullable Byte tiny,
            @Nullable Short low,
            @Nullable Character letter,
            @Nullable Integer count,
            @Nullable Long big,
            @Nullable Float near,
            @Nullable Double ratio,
            @Nullable String text)
            implements Message {}

    public record Values(
            @Nullable BigInteger whole,
            @Nullable BigDecimal exact,
            @Nullable UUID id,
            @Nullable URI address,
            @Nullable Path path,
            @Nullable Instant at,
            @Nullable Duration took,
            @Nullable LocalDate day,
            @Nullable ZonedDateTime local,
            @Nullable Colour colour,
            @Nullable TimeUnit unit)
            implements Message {}

    public record Nested(
            List<String> texts,
            Set<Integer> numbers,
            Map<String, Part> parts,
            List<List<Colour>> colours,
            Optional<Part> maybe,
            OptionalInt maybeInt,
            @Nullable Shape shape,
            List<Shape> shapes,
            Map<Colour, Shape> byColour)
            implements Message {}

    public record Bytes(byte[] bytes) implements Message {}

    public record Tree(String name, List<Tree> children) implements Message {}

    public record Answer(String text) implements Message {}

    public record Question(String text) implements Request<Answer> {}

    /** Refuses one value in its constructor. */
    public record Positive(int number) implements Message {

        public Positive {
            if (number == 13) {
                throw new IllegalArgumentException("unlucky number");
            }
        }
    }

    /** Has members that look like properties. */
    public record Looks(int number) implements Message {

        public static Looks valueOf(String text) {
            return new Looks(text.length());
        }

        public boolean isBig() {
            return true;
        }

        public int getOther() {
            return 1;
        }
    }

    record Hidden(String text) implements Message {}

    public static final List<Class<?>> TYPES = List.of(
            Empty.class,
            Small.class,
            Numbers.class,
            Boxes.class,
            Values.class,
            Nested.class,
            Bytes.class,
            Tree.class,
            Question.class,
            Positive.class,
            Looks.class,
            Hidden.class);

    /** Messages that must come back equal. */
    public static List<Message> all() {
        return List.of(
                new Empty(),
                new Small("text", 1, -1),
                new Small("", Long.MIN_VALUE, Long.MAX_VALUE),
                new Small("zero \0 e-acute \u00e9 euro \u20ac clef \ud834\udd1e \u2028", 1L << 53, (1L << 53) + 1),
                new Small("half a character \ud800 and the other half \udd1e", 0, 0),
                new Small("a long text of ASCII ".repeat(1000), 0, 0),
                new Small("\u20ac".repeat(10_000), 0, 0),
                new Numbers(true, (byte) -128, (short) -32768, '\uffff', Integer.MIN_VALUE, 7, -0.0f, Double.MIN_VALUE),
                new Numbers(false, (byte) 127, (short) 32767, 'a', Integer.MAX_VALUE, -7, 0.1f, Double.MAX_VALUE),
                new Boxes(null, null, null, null, null, null, null, null, null),
                new Boxes(true, (byte) 1, (short) 2, 'c', 4, 5L, 6.5f, 7.5, "8"),
                new Values(null, null, null, null, null, null, null, null, null, null, null),
                values(),
                nested(),
                new Nested(
                        List.of(),
                        Set.of(),
                        Map.of(),
                        List.of(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        null,
                        List.of(),
                        Map.of()),
                new Tree("root", List.of(new Tree("leaf", List.of()), new Tree("", List.of()))),
                new Question("?"),
                new Answer("!"),
                new Looks(3),
                new Hidden("package-private"));
    }

    private static Values values() {
        return new Values(
                new BigInteger("-123456789012345678901234567890"),
                new BigDecimal("3.14159265358979323846264338327950288"),
                new UUID(1, -2),
                URI.create("https://example.org/a?b=c#d"),
                Path.of("a", "b \u20ac"),
                Instant.parse("2026-01-31T12:00:00.123456789Z"),
                Duration.ofMillis(-1500),
                LocalDate.of(-44, 3, 15),
                ZonedDateTime.parse("2026-10-25T02:30:00+01:00[Europe/Paris]"),
                Colour.GREEN,
                TimeUnit.MICROSECONDS);
    }

    private static Nested nested() {
        Part part = new Part("outer", new Part("inner", null));
        return new Nested(
                List.of("a", "", "\u20ac"),
                Set.of(1, 2, -3),
                Map.of("key", part, "", new Part("", null)),
                List.of(List.of(Colour.RED, Colour.GREEN), List.of()),
                Optional.of(part),
                OptionalInt.of(0),
                new Circle(1.5),
                List.of(new Square(2), Special.EMPTY, new Circle(2)),
                Map.of(Colour.RED, new Square(1), Colour.GREEN, Special.EMPTY));
    }
}
