"""How single values stand in JSON: a reader from the parsed tree and a writer to text, per type."""
from __future__ import annotations

import sys

from ._json import write as write_plain
from ._json import write_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, NoReturn, Tuple, Type

    Reader = Callable[[Any], Any]
    Writer = Callable[[Any], str]
    Plan = Tuple[Reader, Writer]

_JSON_WORDS = {
    str: "text", int: "integer", float: "number", bool: "boolean", dict: "object", list: "array", type(None): "null",
}
_INFINITE = float("inf")
_MAX_FLOAT = sys.float_info.max
_MOST_CHARS_SHOWN = 40
_BASE64 = "[A-Za-z0-9+/]*={0,2}"


class BadValue(ValueError):
    """A value does not fit its field; the path grows while the error passes the fields on its way out."""

    def __init__(self, expected: str, found: str, path: str = "") -> None:
        place = f"field {path}: " if path else ""
        super().__init__(f"{place}expected {expected}, found {found}")
        self._expected = expected
        self._found = found
        self._path = path

    def within(self, step: str) -> BadValue:
        """Returns the same error, seen from one level further out."""
        return BadValue(self._expected, self._found, self._path_from(step))

    def _path_from(self, step: str) -> str:
        dot = "." if self._path and not self._path.startswith("[") else ""
        return step + dot + self._path


class Unmade(BadValue):
    """A class refuses values that fit their fields, by what it raises itself."""

    def __init__(self, text: str, path: str = "") -> None:
        ValueError.__init__(self, f"field {path}: {text}" if path else text)
        self._text = text
        self._path = path

    def within(self, step: str) -> BadValue:
        """Returns the same error, seen from one level further out."""
        return Unmade(self._text, self._path_from(step))


def refuse(expected: str, value: Any) -> NoReturn:
    """Raises `BadValue` with the JSON word, or else the class name, of what was found."""
    found = _JSON_WORDS.get(type(value), type(value).__qualname__)
    raise BadValue(expected, found + _shown(value))


def _shown(value: Any) -> str:
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        return ""
    try:
        return f" {value!r}" if len(str(value)) <= _MOST_CHARS_SHOWN else ""
    except Exception:
        # A number of more digits than Python writes, or a class of the user's.
        return ""


def _read_text(value: Any) -> Any:
    return value if value is None or type(value) is str else refuse("text", value)


def _write_text(value: Any) -> str:
    if isinstance(value, str):
        return write_str(value)
    return "null" if value is None else refuse("str", value)


def _read_boolean(value: Any) -> Any:
    return value if value is True or value is False else refuse("boolean", value)


def _write_boolean(value: Any) -> str:
    return "true" if value is True else "false" if value is False else refuse("bool", value)


def _read_integer(value: Any) -> Any:
    return value if type(value) is int else refuse("integer", value)


def _write_integer(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return int.__repr__(value)
        except ValueError as error:
            raise BadValue("int", str(error)) from None
    return refuse("int", value)


def _read_number(value: Any) -> Any:
    if type(value) is int:
        try:
            return float(value)
        except OverflowError:
            refuse("finite number", value)
    if type(value) is float:
        return value if -_INFINITE < value < _INFINITE else refuse("finite number", value)
    return refuse("number", value)


def _write_number(value: Any) -> str:
    if isinstance(value, float):
        return float.__repr__(value) if -_INFINITE < value < _INFINITE else refuse("finite float", value)
    if isinstance(value, int):
        # No float holds what the other side would be told.
        return _write_integer(value) if -_MAX_FLOAT <= value <= _MAX_FLOAT else refuse("finite float", value)
    return refuse("float", value)


def _read_bytes(value: Any) -> Any:
    if value is None:
        return None
    from binascii import Error, a2b_base64
    from re import fullmatch

    if type(value) is not str or len(value) % 4 or fullmatch(_BASE64, value) is None:
        refuse("base64 text with padding", value)
    try:
        return a2b_base64(value)
    except Error:
        refuse("base64 text with padding", value)


def _write_bytes(value: Any) -> str:
    if isinstance(value, (bytes, bytearray, memoryview)):
        from binascii import b2a_base64

        if isinstance(value, memoryview) and not value.c_contiguous:
            value = value.tobytes()
        return f'"{b2a_base64(value, newline=False).decode("ascii")}"'
    return "null" if value is None else refuse("bytes", value)


def _read_any(value: Any) -> Any:
    return value


def _write_any(value: Any) -> str:
    try:
        return write_plain(value)
    except (TypeError, ValueError) as error:
        raise BadValue("what JSON has a form for", str(error)) from None


def enum_plan(enum: Type[Any]) -> Plan:
    """Returns the plan of an enum class: its members stand there by name."""
    members = enum.__members__
    expected = "one of " + ", ".join(members)

    def read(value: Any) -> Any:
        if value is None:
            return None
        member = members.get(value) if type(value) is str else None
        return refuse(expected, value) if member is None else member

    def write(value: Any) -> str:
        if value is None:
            return "null"
        # Of flags only single ones have a name that is read again.
        if not isinstance(value, enum) or value.name not in members:
            refuse(enum.__qualname__ if not isinstance(value, enum) else expected, value)
        return write_str(str(value.name))

    return read, write


PLANS: Dict[Any, Plan] = {
    str: (_read_text, _write_text),
    bool: (_read_boolean, _write_boolean),
    int: (_read_integer, _write_integer),
    float: (_read_number, _write_number),
    bytes: (_read_bytes, _write_bytes),
    object: (_read_any, _write_any),
}
