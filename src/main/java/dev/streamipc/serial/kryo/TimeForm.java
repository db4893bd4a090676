package dev.streamipc.serial.kryo;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** Times as numbers. */
@SuppressWarnings({"JavaInstantGetSecondsGetNano", "JavaDurationGetSecondsGetNano"}) // the seconds go with them
final class TimeForm extends Form {

    /** The order is part of the format. */
    enum Kind {
        INSTANT(Instant.class),
        DURATION(Duration.class),
        LOCAL_DATE(LocalDate.class),
        LOCAL_TIME(LocalTime.class),
        LOCAL_DATE_TIME(LocalDateTime.class),
        OFFSET_DATE_TIME(OffsetDateTime.class),
        ZONED_DATE_TIME(ZonedDateTime.class);

        final Class<?> type;

        Kind(Class<?> type) {
            this.type = type;
        }
    }

    private final Kind kind;

    TimeForm(Kind kind) {
        this.kind = kind;
    }

    @Override
    void write(Sink out, Object value) {
        switch (kind) {
            case INSTANT -> seconds(out, ((Instant) value).getEpochSecond(), ((Instant) value).getNano());
            case DURATION -> seconds(out, ((Duration) value).toSeconds(), ((Duration) value).getNano());
            case LOCAL_DATE -> out.writeVarLong(((LocalDate) value).toEpochDay(), false);
            case LOCAL_TIME -> out.writeVarLong(((LocalTime) value).toNanoOfDay(), true);
            case LOCAL_DATE_TIME -> local(out, (LocalDateTime) value);
            case OFFSET_DATE_TIME -> {
                local(out, ((OffsetDateTime) value).toLocalDateTime());
                out.writeVarInt(((OffsetDateTime) value).getOffset().getTotalSeconds(), false);
            }
            default -> {
                local(out, ((ZonedDateTime) value).toLocalDateTime());
                out.writeVarInt(((ZonedDateTime) value).getOffset().getTotalSeconds(), false);
                out.writeString(((ZonedDateTime) value).getZone().getId());
            }
        }
    }

    @Override
    Object read(Source in) {
        return switch (kind) {
            case INSTANT -> Instant.ofEpochSecond(in.readVarLong(false), in.readVarInt(true));
            case DURATION -> Duration.ofSeconds(in.readVarLong(false), in.readVarInt(true));
            case LOCAL_DATE -> LocalDate.ofEpochDay(in.readVarLong(false));
            case LOCAL_TIME -> LocalTime.ofNanoOfDay(in.readVarLong(true));
            case LOCAL_DATE_TIME -> local(in);
            case OFFSET_DATE_TIME -> OffsetDateTime.of(local(in), offset(in));
            default -> ZonedDateTime.ofInstant(local(in), offset(in), ZoneId.of(in.readString()));
        };
    }

    private static void seconds(Sink out, long seconds, int nanos) {
        out.writeVarLong(seconds, false);
        out.writeVarInt(nanos, true);
    }

    private static void local(Sink out, LocalDateTime value) {
        out.writeVarLong(value.toLocalDate().toEpochDay(), false);
        out.writeVarLong(value.toLocalTime().toNanoOfDay(), true);
    }

    private static LocalDateTime local(Source in) {
        LocalDate date = LocalDate.ofEpochDay(in.readVarLong(false));
        return LocalDateTime.of(date, LocalTime.ofNanoOfDay(in.readVarLong(true)));
    }

    private static ZoneOffset offset(Source in) {
        return ZoneOffset.ofTotalSeconds(in.readVarInt(false));
    }
}
