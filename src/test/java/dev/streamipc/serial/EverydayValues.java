package dev.streamipc.serial;

import dev.streamipc.message.Message;
import java.io.File;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.BitSet;
import java.util.Currency;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The everyday values that a record may hold: each in a record whose one field is declared as users declare it, under a
 * name that says which it is.
 */
@SuppressWarnings({"JdkObsolete", "JavaUtilDate"}) // users have them
final class EverydayValues {

    private final Map<String, Message> cases = new LinkedHashMap<>();

    private EverydayValues() {}

    static Map<String, Message> all() {
        EverydayValues values = new EverydayValues();
        values.addScalars();
        values.addTimes();
        values.addOthers();
        values.addOwn();
        values.cases.putAll(EverydayCollections.all());
        return values.cases;
    }

    private void add(String name, Message message) {
        if (cases.put(name, message) != null) {
            throw new IllegalArgumentException("two cases of one name: name=" + name);
        }
    }

    private void addScalars() {
        add("String", new OfString("für 文字 🙂"));
        add("Boolean", new OfBoolean(true));
        add("Byte", new OfByte((byte) -128));
        add("Short", new OfShort(Short.MIN_VALUE));
        add("Character", new OfCharacter('\u20ac'));
        add("Integer", new OfInteger(Integer.MIN_VALUE));
        add("Long", new OfLong(Long.MIN_VALUE));
        add("Float", new OfFloat(0.1f));
        add("Double", new OfDouble(-0.0));
        add("BigInteger", new OfBigInteger(BigInteger.ONE.shiftLeft(200)));
        add("BigDecimal", new OfBigDecimal(new BigDecimal("-12.340")));
        add("AtomicBoolean", new OfAtomicBoolean(new AtomicBoolean(true)));
        add("AtomicInteger", new OfAtomicInteger(new AtomicInteger(-7)));
        add("AtomicLong", new OfAtomicLong(new AtomicLong(1L << 60)));
        add("AtomicReference", new OfAtomicReference(new AtomicReference<>("x")));
        add("BitSet", new OfBitSet(BitSet.valueOf(new long[] {5, 1L << 40})));
        add("byte[]", new OfBytes(new byte[] {0, -1, 127}));
        add("int[][]", new OfGrid(new int[][] {{1, 2}, {}, {3}}));
        add("String[]", new OfTexts(new String[] {"a", null}));
        add("double[]", new OfDoubles(new double[] {0.1, -1}));
    }

    private void addTimes() {
        add("Instant", new OfInstant(Instant.parse("2026-01-31T12:00:00.123456789Z")));
        add("Duration", new OfDuration(Duration.ofMillis(-1_500)));
        add("LocalDate", new OfLocalDate(LocalDate.of(2024, 2, 29)));
        add("LocalTime", new OfLocalTime(LocalTime.of(23, 59, 59, 1)));
        add("LocalDateTime", new OfLocalDateTime(LocalDateTime.of(2026, 1, 31, 12, 0)));
        add("OffsetTime", new OfOffsetTime(OffsetTime.of(LocalTime.NOON, ZoneOffset.MAX)));
        add("OffsetDateTime", new OfOffsetDateTime(OffsetDateTime.parse("2026-01-31T12:00:00-05:30")));
        add("ZonedDateTime", new OfZonedDateTime(ZonedDateTime.parse("2026-10-25T02:30:00+01:00[Europe/Paris]")));
        add("Period", new OfPeriod(Period.of(1, -2, 3)));
        add("Year", new OfYear(Year.of(-44)));
        add("YearMonth", new OfYearMonth(YearMonth.of(2026, 1)));
        add("MonthDay", new OfMonthDay(MonthDay.of(2, 29)));
        add("ZoneId", new OfZoneId(ZoneId.of("Europe/Paris")));
        add("ZoneOffset", new OfZoneOffset(ZoneOffset.ofHoursMinutes(5, 30)));
        add("Date", new OfDate(new Date(1_700_000_000_123L)));
        add("DayOfWeek", new OfDayOfWeek(DayOfWeek.MONDAY));
        add("TimeUnit", new OfTimeUnit(TimeUnit.DAYS));
    }

    private void addOthers() {
        add("UUID", new OfUuid(UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e")));
        add("URI", new OfUri(URI.create("https://example.org/a?b=c#d")));
        add("File", new OfFile(new File("a/b c.txt")));
        add("Path", new OfPath(Path.of("/tmp", "ü", "x.txt")));
        add("Locale", new OfLocale(Locale.forLanguageTag("zh-Hant-TW")));
        add("Currency", new OfCurrency(Currency.getInstance("CHF")));
        add("Pattern", new OfPattern(Pattern.compile("(?im)^a+(b|c)?$")));
        add("ByteBuffer", new OfByteBuffer(ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 9}, 1, 3)));
        add("ByteBuffer, direct", new OfByteBuffer(directBuffer()));
        add(
                "ByteBuffer, read-only part",
                new OfByteBuffer(directBuffer().position(2).slice().asReadOnlyBuffer()));
        add("InetAddress", new OfInetAddress(address("192.0.2.1")));
        add("InetAddress, version 6", new OfInetAddress(address("2001:db8::1")));
        add("InetSocketAddress", new OfInetSocketAddress(new InetSocketAddress(address("::1"), 65_535)));
        add("InetSocketAddress, a name", new OfInetSocketAddress(InetSocketAddress.createUnresolved("localhost", 0)));
        add("Optional", new OfOptional(Optional.of("x")));
        add("OptionalInt", new OfOptionalInt(OptionalInt.of(-1)));
        add("OptionalLong", new OfOptionalLong(OptionalLong.of(Long.MAX_VALUE)));
        add("OptionalDouble", new OfOptionalDouble(OptionalDouble.of(0.1)));
    }

    private void addOwn() {
        add("record", new OfRecord(new Inner(1, null)));
        add("generic record", new OfGeneric(new Box<>("x")));
        add("sealed interface", new OfSealed(new Round(2)));
        add("enum with bodies", new OfMood(Mood.GOOD));
    }

    private static ByteBuffer directBuffer() {
        return ByteBuffer.allocateDirect(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(1)
                .putInt(2)
                .flip();
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    enum Mood {
        BAD,
        GOOD {
            @Override
            public String toString() {
                return "good mood";
            }
        }
    }

    sealed interface Form {}

    record Round(int radius) implements Form {}

    record Inner(int number, @Nullable Inner next) {}

    record Box<T>(T value) {}

    record OfString(@Nullable String value) implements Message {}

    record OfBoolean(@Nullable Boolean value) implements Message {}

    record OfByte(@Nullable Byte value) implements Message {}

    record OfShort(@Nullable Short value) implements Message {}

    record OfCharacter(@Nullable Character value) implements Message {}

    record OfInteger(@Nullable Integer value) implements Message {}

    record OfLong(@Nullable Long value) implements Message {}

    record OfFloat(@Nullable Float value) implements Message {}

    record OfDouble(@Nullable Double value) implements Message {}

    record OfBigInteger(@Nullable BigInteger value) implements Message {}

    record OfBigDecimal(@Nullable BigDecimal value) implements Message {}

    record OfAtomicBoolean(@Nullable AtomicBoolean value) implements Message {}

    record OfAtomicInteger(@Nullable AtomicInteger value) implements Message {}

    record OfAtomicLong(@Nullable AtomicLong value) implements Message {}

    record OfAtomicReference(@Nullable AtomicReference<String> value) implements Message {}

    record OfBitSet(@Nullable BitSet value) implements Message {}

    record OfInstant(@Nullable Instant value) implements Message {}

    record OfDuration(@Nullable Duration value) implements Message {}

    record OfLocalDate(@Nullable LocalDate value) implements Message {}

    record OfLocalTime(@Nullable LocalTime value) implements Message {}

    record OfLocalDateTime(@Nullable LocalDateTime value) implements Message {}

    record OfOffsetTime(@Nullable OffsetTime value) implements Message {}

    record OfOffsetDateTime(@Nullable OffsetDateTime value) implements Message {}

    record OfZonedDateTime(@Nullable ZonedDateTime value) implements Message {}

    record OfPeriod(@Nullable Period value) implements Message {}

    record OfYear(@Nullable Year value) implements Message {}

    record OfYearMonth(@Nullable YearMonth value) implements Message {}

    record OfMonthDay(@Nullable MonthDay value) implements Message {}

    record OfZoneId(@Nullable ZoneId value) implements Message {}

    record OfZoneOffset(@Nullable ZoneOffset value) implements Message {}

    record OfDate(@Nullable Date value) implements Message {}

    record OfDayOfWeek(@Nullable DayOfWeek value) implements Message {}

    record OfTimeUnit(@Nullable TimeUnit value) implements Message {}

    record OfUuid(@Nullable UUID value) implements Message {}

    record OfUri(@Nullable URI value) implements Message {}

    record OfFile(@Nullable File value) implements Message {}

    record OfPath(@Nullable Path value) implements Message {}

    record OfLocale(@Nullable Locale value) implements Message {}

    record OfCurrency(@Nullable Currency value) implements Message {}

    record OfPattern(@Nullable Pattern value) implements Message {}

    record OfByteBuffer(@Nullable ByteBuffer value) implements Message {}

    record OfInetAddress(@Nullable InetAddress value) implements Message {}

    record OfInetSocketAddress(@Nullable InetSocketAddress value) implements Message {}

    record OfOptional(@Nullable Optional<String> value) implements Message {}

    record OfOptionalInt(@Nullable OptionalInt value) implements Message {}

    record OfOptionalLong(@Nullable OptionalLong value) implements Message {}

    record OfOptionalDouble(@Nullable OptionalDouble value) implements Message {}

    record OfRecord(@Nullable Inner value) implements Message {}

    record OfGeneric(@Nullable Box<String> value) implements Message {}

    record OfSealed(@Nullable Form value) implements Message {}

    record OfMood(@Nullable Mood value) implements Message {}

    record OfBytes(byte @Nullable [] value) implements Message {}

    record OfGrid(int @Nullable [][] value) implements Message {}

    record OfTexts(@Nullable String @Nullable [] value) implements Message {}

    record OfDoubles(double @Nullable [] value) implements Message {}
}
