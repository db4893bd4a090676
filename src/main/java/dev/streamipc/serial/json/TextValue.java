package dev.streamipc.serial.json;

import dev.streamipc.serial.Patterns;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
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
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The values of the JDK that travel as text: ISO 8601 for times, their own text for the rest. */
enum TextValue {
    INSTANT(Instant.class),
    DURATION(Duration.class),
    LOCAL_DATE(LocalDate.class),
    LOCAL_TIME(LocalTime.class),
    LOCAL_DATE_TIME(LocalDateTime.class),
    OFFSET_TIME(OffsetTime.class),
    OFFSET_DATE_TIME(OffsetDateTime.class),
    ZONED_DATE_TIME(ZonedDateTime.class),
    YEAR(Year.class),
    YEAR_MONTH(YearMonth.class),
    MONTH_DAY(MonthDay.class),
    PERIOD(Period.class),
    DATE(Date.class),
    ZONE(ZoneId.class),
    UNIQUE_ID(UUID.class),
    ADDRESS(URI.class),
    PATH(Path.class),
    FILE(File.class),
    LOCALE(Locale.class),
    CURRENCY(Currency.class),
    OFFSET(ZoneOffset.class),
    PATTERN(Pattern.class),
    NET_ADDRESS(InetAddress.class),
    SOCKET_ADDRESS(InetSocketAddress.class);

    private static final int UUID_CHARS = 36;

    /** Those whose values are of classes that nobody names. */
    private static final TextValue[] OPEN = {PATH, ZONE, NET_ADDRESS};

    private static final Map<Class<?>, TextValue> BY_TYPE = new HashMap<>();

    static {
        for (TextValue value : values()) {
            BY_TYPE.put(value.type, value);
        }
    }

    private final Class<?> type;

    TextValue(Class<?> type) {
        this.type = type;
    }

    /** Returns how a class is written, null if it is not one of these. */
    static @Nullable TextValue of(Class<?> type) {
        TextValue exact = BY_TYPE.get(type);
        if (exact != null) {
            return exact;
        }
        for (TextValue value : OPEN) {
            if (value.type.isAssignableFrom(type)) {
                return value;
            }
        }
        return null;
    }

    Class<?> type() {
        return type;
    }

    String text(Object value) {
        return switch (this) {
            case DATE -> ((Date) value).toInstant().toString();
            case LOCALE -> ((Locale) value).toLanguageTag();
            case PATTERN -> pattern((Pattern) value);
            case NET_ADDRESS -> AddressText.of((InetAddress) value);
            case SOCKET_ADDRESS -> AddressText.of((InetSocketAddress) value);
            default -> value.toString();
        };
    }

    /** Returns the value; throws a runtime exception of the JDK if the text is none. */
    Object parsed(String text) {
        return switch (this) {
            case INSTANT -> Instant.parse(text);
            case DURATION -> Duration.parse(text);
            case LOCAL_DATE -> LocalDate.parse(text);
            case LOCAL_TIME -> LocalTime.parse(text);
            case LOCAL_DATE_TIME -> LocalDateTime.parse(text);
            case OFFSET_TIME -> OffsetTime.parse(text);
            case OFFSET_DATE_TIME -> OffsetDateTime.parse(text);
            case ZONED_DATE_TIME -> ZonedDateTime.parse(text);
            case YEAR -> Year.parse(text);
            case YEAR_MONTH -> YearMonth.parse(text);
            case MONTH_DAY -> MonthDay.parse(text);
            case PERIOD -> Period.parse(text);
            case DATE -> Date.from(Instant.parse(text));
            case ZONE -> ZoneId.of(text);
            case UNIQUE_ID -> uniqueId(text);
            case ADDRESS -> URI.create(text);
            case PATH -> Path.of(text);
            case FILE -> new File(text);
            case LOCALE -> Locale.forLanguageTag(text);
            case CURRENCY -> Currency.getInstance(text);
            case OFFSET -> ZoneOffset.of(text);
            case PATTERN -> Patterns.compile(text, 0);
            case NET_ADDRESS -> AddressText.address(text);
            case SOCKET_ADDRESS -> AddressText.socketAddress(text);
        };
    }

    private static String pattern(Pattern pattern) {
        String text = Patterns.checked(pattern).pattern();
        if (!Patterns.isWholeInItsText(pattern)) {
            throw new IllegalArgumentException("pattern has flags, for which JSON has no place: flags="
                    + pattern.flags() + "; put them at the start of its text, as (?i)");
        }
        return text;
    }

    /** The JDK reads {@code 1-1-1-1-1} as well. */
    private static UUID uniqueId(String text) {
        if (text.length() != UUID_CHARS) {
            throw new IllegalArgumentException(
                    "UUID of " + UUID_CHARS + " characters expected: chars=" + text.length());
        }
        return UUID.fromString(text);
    }
}
