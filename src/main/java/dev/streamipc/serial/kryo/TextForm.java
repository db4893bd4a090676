package dev.streamipc.serial.kryo;

import com.esotericsoftware.kryo.KryoException;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.time.MonthDay;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Text, and values that travel as text. */
final class TextForm extends Form {

    /** The order is part of the format. */
    enum Kind {
        STRING(String.class),
        ADDRESS(URI.class),
        PATH(Path.class),
        FILE(File.class),
        LOCALE(Locale.class),
        CURRENCY(Currency.class),
        ZONE(ZoneId.class),
        YEAR(Year.class),
        YEAR_MONTH(YearMonth.class),
        MONTH_DAY(MonthDay.class),
        PERIOD(Period.class),
        OFFSET_TIME(OffsetTime.class),
        OFFSET(ZoneOffset.class);

        final Class<?> type;

        Kind(Class<?> type) {
            this.type = type;
        }
    }

    private final Kind kind;

    TextForm(Kind kind) {
        this.kind = kind;
    }

    @Override
    void write(Sink out, Object value) {
        writeNullable(out, value);
    }

    @Override
    Object read(Source in) {
        Object value = readNullable(in);
        if (value == null) {
            throw new KryoException("text is missing: kind=" + kind);
        }
        return value;
    }

    /** Kryo's text has a null of its own. */
    @Override
    void writeNullable(Sink out, @Nullable Object value) {
        out.writeString(value == null ? null : text(value));
    }

    @Override
    @Nullable
    Object readNullable(Source in) {
        String text = in.readString();
        return text == null || kind == Kind.STRING ? text : parsed(text);
    }

    private String text(Object value) {
        return switch (kind) {
            case STRING -> (String) value;
            case LOCALE -> ((Locale) value).toLanguageTag();
            default -> value.toString();
        };
    }

    private Object parsed(String text) {
        return switch (kind) {
            case STRING -> text;
            case ADDRESS -> URI.create(text);
            case PATH -> Path.of(text);
            case FILE -> new File(text);
            case LOCALE -> Locale.forLanguageTag(text);
            case CURRENCY -> Currency.getInstance(text);
            case ZONE -> ZoneId.of(text);
            case YEAR -> Year.parse(text);
            case YEAR_MONTH -> YearMonth.parse(text);
            case MONTH_DAY -> MonthDay.parse(text);
            case PERIOD -> Period.parse(text);
            case OFFSET_TIME -> OffsetTime.parse(text);
            case OFFSET -> ZoneOffset.of(text);
        };
    }
}
