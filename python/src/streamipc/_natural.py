"""How a value stands in JSON that is annotated nowhere: by what it is."""
from __future__ import annotations

from collections import abc
from enum import Enum

from ._records import plan_of
from ._scalars import PLANS, BadValue, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._scalars import Plan

# A boolean is an integer, too.
_SCALARS = (str, bool, int, float, bytes)
_ARRAYS = (list, tuple, set, frozenset)


def write(value: Any) -> str:
    """Returns the JSON text; raises ValueError, with the place, for what has none."""
    if value is None:
        return "null"
    kind = type(value)
    if kind in _SCALARS:
        return PLANS[kind][1](value)
    if isinstance(value, _ARRAYS):
        return "[" + ",".join([_inside(f"[{at}]", one) for at, one in enumerate(value)]) + "]"
    if isinstance(value, abc.Mapping):
        return "{" + ",".join([_key(name) + ":" + _inside(f"[{name!r}]", one) for name, one in value.items()]) + "}"
    return _plan(value)[1](value)


def _plan(value: Any) -> Plan:
    if not isinstance(value, Enum):
        for kind in _SCALARS:
            if isinstance(value, kind):
                return PLANS[kind]
        if isinstance(value, (bytearray, memoryview)):
            return PLANS[bytes]
    try:
        if type(value) is not object:
            return plan_of(type(value))
    except TypeError:
        pass
    refuse("what JSON has a form for", value)


def _inside(step: str, value: Any) -> str:
    try:
        return write(value)
    except BadValue as bad:
        raise bad.within(step) from None


def _key(name: Any) -> str:
    if isinstance(name, (str, int, float)) and not isinstance(name, Enum):
        text = write(name)
        return text if text.startswith('"') else f'"{text}"'
    text = write(name)
    return text if text.startswith('"') else refuse("key that is text in JSON", name)
