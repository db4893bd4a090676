"""Values that stand in JSON as text of a fixed form: instants, dates, durations, UUIDs. Imported when first needed."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from re import ASCII
from re import compile as pattern
from uuid import UUID

from ._scalars import BadValue, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict

    from ._scalars import Plan

_INSTANT = pattern(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z", ASCII)
_TIME = pattern(r"(\d\d:\d\d)(:\d\d)?(?:\.(\d{1,9}))?", ASCII)
_DATE = pattern(r"\d{4}-\d\d-\d\d", ASCII)
_UUID = pattern(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DURATION = pattern(
    r"(-)?P(?:([-+]?\d+)D)?(?:T(?=[-+\d])(?:([-+]?\d+)H)?(?:([-+]?\d+)M)?(?:([-+]?)(\d+)(?:\.(\d{0,9}))?S)?)?", ASCII
)
_MICROS = 1_000_000


def _micros(digits: Any) -> int:
    # Java counts nanoseconds, Python microseconds: what is finer is cut off.
    return int((digits or "").ljust(6, "0")[:6])


def _fraction(micros: int) -> str:
    """Returns a fraction of a second as Java writes it: none, 3 or 6 digits."""
    if micros % 1000:
        return f".{micros:06d}"
    return f".{micros // 1000:03d}" if micros else ""


def read_instant(text: str) -> datetime:
    """Returns an aware datetime in UTC; digits behind the microseconds are cut off."""
    found = _INSTANT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    day, clock, digits = found.groups()
    whole = datetime.fromisoformat(f"{day}T{clock}")
    return whole.replace(microsecond=_micros(digits), tzinfo=timezone.utc)


def write_instant(value: datetime) -> str:
    """Returns ISO 8601 text in UTC; raises ValueError for a datetime without a time zone."""
    if value.utcoffset() is None:
        raise ValueError("datetime without a time zone; give it one, such as timezone.utc")
    utc = value.astimezone(timezone.utc).replace(tzinfo=None)
    return utc.replace(microsecond=0).isoformat() + _fraction(utc.microsecond) + "Z"


def read_duration(text: str) -> timedelta:
    """Returns a duration from ISO 8601 text of days, hours, minutes and seconds."""
    found = _DURATION.fullmatch(text)
    if found is None or text.endswith("P"):
        raise ValueError(text)
    minus, days, hours, minutes, sign, seconds, digits = found.groups()
    whole = int(days or 0) * 86_400 + int(hours or 0) * 3_600 + int(minutes or 0) * 60
    fine = int(seconds or 0) * _MICROS + _micros(digits)
    value = timedelta(seconds=whole, microseconds=-fine if sign == "-" else fine)
    return -value if minus else value


def write_duration(value: timedelta) -> str:
    """Returns ISO 8601 text with hours as the largest unit: `PT36H`, `PT-1M-30.5S`."""
    total = value // timedelta(microseconds=1)
    sign, total = ("-", -total) if total < 0 else ("", total)
    minutes, micros = divmod(total, 60 * _MICROS)
    hours, minutes = divmod(minutes, 60)
    seconds, micros = divmod(micros, _MICROS)
    text = f"{sign}{hours}H" if hours else ""
    text += f"{sign}{minutes}M" if minutes else ""
    if seconds or micros or not text:
        fraction = f".{micros:06d}".rstrip("0") if micros else ""
        text += f"{sign}{seconds}{fraction}S"
    return "PT" + text


def _read_date(text: str) -> date:
    if _DATE.fullmatch(text) is None:
        raise ValueError(text)
    return date.fromisoformat(text)


def _write_date(value: date) -> str:
    if isinstance(value, datetime):
        raise ValueError("datetime")
    return value.isoformat()


def _read_time(text: str) -> time:
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(text)
    minutes, seconds, digits = found.groups()
    return time.fromisoformat(minutes + (seconds or ":00")).replace(microsecond=_micros(digits))


def _write_time(value: time) -> str:
    if value.tzinfo is not None:
        raise ValueError("time with a time zone, which would be lost; send a datetime")
    return value.replace(microsecond=0).isoformat() + _fraction(value.microsecond)


def _read_uuid(text: str) -> UUID:
    if _UUID.fullmatch(text) is None:
        raise ValueError(text)
    return UUID(text)


def _plan(kind: type, expected: str, from_text: Callable[[str], Any], to_text: Callable[[Any], str]) -> Plan:
    def read(value: Any) -> Any:
        if value is None:
            return None
        try:
            return from_text(value) if type(value) is str else refuse(expected, value)
        except (ValueError, OverflowError):
            refuse(expected, value)

    def write(value: Any) -> str:
        if not isinstance(value, kind):
            return "null" if value is None else refuse(kind.__name__, value)
        try:
            return f'"{to_text(value)}"'
        except (ValueError, OverflowError) as error:
            raise BadValue(kind.__name__, str(error)) from None

    return read, write


PLANS: Dict[Any, Plan] = {
    datetime: _plan(datetime, "instant such as 2026-01-31T12:00:00Z", read_instant, write_instant),
    date: _plan(date, "date such as 2026-01-31", _read_date, _write_date),
    time: _plan(time, "time such as 12:00:00", _read_time, _write_time),
    timedelta: _plan(timedelta, "duration such as PT1.5S", read_duration, write_duration),
    UUID: _plan(UUID, "uuid", _read_uuid, str),
}
