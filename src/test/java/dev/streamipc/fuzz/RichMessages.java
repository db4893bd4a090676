package dev.streamipc.fuzz;

import dev.streamipc.message.Attachment;
import dev.streamipc.message.Message;
import dev.streamipc.serial.SampleMessages;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Messages with all that may stand in a field, beside those of the serializers' own tests. */
final class RichMessages {

    private RichMessages() {}

    record Days(
            @Nullable LocalTime time,
            @Nullable LocalDateTime both,
            @Nullable OffsetTime offset,
            @Nullable OffsetDateTime moment,
            @Nullable Year year,
            @Nullable YearMonth month,
            @Nullable MonthDay day,
            @Nullable Period period,
            @Nullable ZoneId zone,
            @Nullable Date date)
            implements Message {}

    record Words(
            @Nullable Locale locale,
            @Nullable Currency currency,
            @Nullable RoundingMode rounding,
            @Nullable DayOfWeek weekday,
            OptionalLong number,
            OptionalDouble ratio,
            Optional<List<Optional<String>>> deep)
            implements Message {}

    record Arrays(
            boolean @Nullable [] flags,
            short @Nullable [] shorts,
            char @Nullable [] letters,
            int @Nullable [] counts,
            long @Nullable [] bigs,
            float @Nullable [] nears,
            double @Nullable [] ratios,
            String @Nullable [] texts,
            SampleMessages.Colour @Nullable [] colours,
            byte @Nullable [][] blocks)
            implements Message {}

    record Sorted(
            @Nullable TreeMap<String, TreeSet<Integer>> tree,
            @Nullable Map<UUID, List<BigDecimal>> exact,
            @Nullable Set<DayOfWeek> days,
            @Nullable List<Map<Integer, SampleMessages.Shape>> shapes)
            implements Message {}

    record Ratio(double ratio) implements Message {}

    record Attached(
            @Nullable Attachment one,
            @Nullable List<Optional<Attachment>> many,
            @Nullable Map<String, Attachment> named)
            implements Message {}

    /** Only Kryo knows of what class a value is here. */
    record Anything(@Nullable Object value) implements Message {}

    static final List<Class<?>> TYPES = Stream.concat(
                    SampleMessages.TYPES.stream(),
                    Stream.of(
                            Days.class,
                            Words.class,
                            Arrays.class,
                            Sorted.class,
                            Ratio.class,
                            Attached.class,
                            Anything.class))
            .toList();

    /** Where fuzzing begins; those of the serializers' tests that are not long. */
    static List<Message> all() {
        List<Message> messages = new ArrayList<>(SampleMessages.all());
        messages.add(new Days(
                LocalTime.NOON,
                LocalDateTime.MIN,
                OffsetTime.MAX,
                OffsetDateTime.parse("2026-10-25T02:30:00+01:00"),
                Year.of(-5),
                YearMonth.of(2026, 2),
                MonthDay.of(2, 29),
                Period.of(1, -2, 3),
                ZoneId.of("UTC+05:30"),
                new Date(-1)));
        messages.add(new Words(
                Locale.forLanguageTag("de-CH-1996"),
                Currency.getInstance("EUR"),
                RoundingMode.FLOOR,
                DayOfWeek.SUNDAY,
                OptionalLong.of(-1),
                OptionalDouble.of(0.5),
                Optional.of(List.of(Optional.of("deep"), Optional.empty()))));
        messages.add(arrays());
        messages.add(new Sorted(
                new TreeMap<>(Map.of("a", new TreeSet<>(Set.of(1, 2)))),
                Map.of(new UUID(1, 2), List.of(new BigDecimal("1E+40"))),
                Set.of(DayOfWeek.MONDAY),
                List.of(Map.of(1, new SampleMessages.Circle(1)))));
        messages.add(new Ratio(0.5));
        Attachment bytes = Attachment.of(new byte[] {1});
        messages.add(new Attached(bytes, List.of(Optional.of(bytes), Optional.empty()), Map.of("a", bytes)));
        messages.add(new Anything("text"));
        return messages;
    }

    private static Message arrays() {
        return new Arrays(
                new boolean[] {true, false},
                new short[] {1, -1},
                new char[] {'a', '\uffff'},
                new int[] {1, -1},
                new long[] {1, Long.MIN_VALUE},
                new float[] {0.5f},
                new double[] {0.5, -0.0},
                new String[] {"a", ""},
                new SampleMessages.Colour[] {SampleMessages.Colour.RED},
                new byte[][] {{1}, {}});
    }
}
