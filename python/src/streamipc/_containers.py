"""How lists, sets, tuples, maps, optional values and sealed families stand in JSON. Imported when first needed."""
from __future__ import annotations

import typing
from collections import abc
from enum import EnumMeta

from ._annotations import meant
from ._json import write, write_str
from ._scalars import BadValue, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Sequence, Tuple, Type

    from ._scalars import Plan, Reader, Writer

    PlanOf = Callable[[Any], Plan]

_SEQUENCES: Dict[Any, Any] = {
    list: list, set: set, frozenset: frozenset, tuple: tuple, abc.Sequence: list, abc.Set: frozenset,
}
_MAPS = (dict, abc.Mapping)
_KEYS = (int, float, bool)
_NULL = type(None)
_LITERALS = (str, int, bool, _NULL)


def container_plan(hint: Any, plan_of: PlanOf, name_of: Callable[[type], str]) -> Plan:
    """Returns the plan of a generic annotation; raises TypeError with the annotation if there is none."""
    if hint is typing.Any:
        return plan_of(object)
    known_as, hint = hint, meant(hint)
    if hint is not known_as:
        return plan_of(hint)
    origin = typing.get_origin(hint) or hint
    arguments = typing.get_args(hint)
    if origin is typing.Union or type(hint).__name__ == "UnionType":
        return _union_plan(hint, arguments, plan_of, name_of)
    if origin in _MAPS:
        key, value = arguments or (str, object)
        return _map_plan(plan_of(key), _is_texted(key), plan_of(value))
    if origin is typing.Literal:
        return _literal_plan(hint, arguments)
    if origin is tuple and hint not in (tuple, typing.Tuple) and Ellipsis not in arguments[1:]:
        return _fixed_plan([plan_of(argument) for argument in arguments if argument != ()])
    if origin in _SEQUENCES:
        return _sequence_plan(_SEQUENCES[origin], plan_of(arguments[0] if arguments else object))
    if (getattr(origin, "__module__", ""), getattr(origin, "__qualname__", "")) == ("numpy", "ndarray"):
        from ._arrays import array_plan

        return array_plan(origin, arguments)
    raise TypeError(repr(hint))


def _is_texted(key: Any) -> bool:
    """Returns whether a key is text in JSON as a value, too; numbers and booleans get quotes only as keys."""
    key = meant(key)
    if key in _KEYS:
        return False
    if typing.get_origin(key) is typing.Literal and all(type(one) is str for one in typing.get_args(key)):
        return True
    if key is str or isinstance(key, EnumMeta) or getattr(key, "__module__", "") in ("datetime", "uuid"):
        return True
    raise TypeError(f"map with keys of {key!r}")


def _union_plan(hint: Any, arguments: Tuple[Any, ...], plan_of: PlanOf, name_of: Callable[[type], str]) -> Plan:
    choices = [meant(argument) for argument in arguments if argument is not _NULL]
    if len(choices) == 1:
        read, write = plan_of(choices[0])
        return (
            lambda value: None if value is None else read(value),
            lambda value: "null" if value is None else write(value),
        )
    if not all(isinstance(choice, type) and hasattr(choice, "__dataclass_fields__") for choice in choices):
        raise TypeError(repr(hint))
    return _sealed_plan(choices, plan_of, name_of)


def _sealed_plan(choices: Sequence[Type[Any]], plan_of: PlanOf, name_of: Callable[[type], str]) -> Plan:
    readers = {name_of(choice): plan_of(choice)[0] for choice in choices}
    writers: Dict[Any, Tuple[str, Writer]] = {
        choice: ("{" + write_str(name_of(choice)) + ":", plan_of(choice)[1]) for choice in choices
    }
    expected = "object with one of " + ", ".join(readers)

    def read(value: Any) -> Any:
        if value is None:
            return None
        if type(value) is not dict or len(value) != 1:
            refuse(expected, value)
        ((name, inner),) = value.items()
        reader = readers.get(name)
        return refuse(expected, name) if reader is None or inner is None else reader(inner)

    def write(value: Any) -> str:
        if value is None:
            return "null"
        before, writer = writers.get(type(value)) or refuse(expected, value)
        return before + writer(value) + "}"

    return read, write


def _literal_plan(hint: Any, values: Tuple[Any, ...]) -> Plan:
    if not all(type(value) in _LITERALS for value in values):
        raise TypeError(repr(hint))
    # 1 and True are the same value, but not the same JSON.
    known = {(type(value), value) for value in values}
    expected = "one of " + ", ".join(map(repr, values))

    def read(value: Any) -> Any:
        return value if type(value) in _LITERALS and (type(value), value) in known else refuse(expected, value)

    return read, lambda value: write(read(value))


def _sequence_plan(make: Callable[[Any], Any], plan: Plan) -> Plan:
    read_one, write_one = plan

    def read(value: Any) -> Any:
        if type(value) is not list:
            return None if value is None else refuse("array", value)
        values = _each(read_one, value)
        try:
            return make(values)
        except TypeError as error:
            raise BadValue(f"{make.__name__} of values that have a hash", str(error)) from None

    def write(value: Any) -> str:
        if isinstance(value, (list, tuple, abc.Set)):
            return "[" + ",".join(_each(write_one, value)) + "]"
        return "null" if value is None else refuse(make.__name__, value)

    return read, write


def _each(action: Callable[[Any], Any], values: Any) -> Any:
    done = []
    try:
        for value in values:
            done.append(action(value))
    except BadValue as bad:
        raise bad.within(f"[{len(done)}]") from None
    return done


def _fixed_plan(plans: Sequence[Plan]) -> Plan:
    expected = f"array of {len(plans)}"

    def read(value: Any) -> Any:
        if type(value) is not list:
            return None if value is None else refuse(expected, value)
        if len(value) != len(plans):
            raise BadValue(expected, f"array of {len(value)}")
        return tuple(_each(lambda pair: pair[0][0](pair[1]), zip(plans, value)))

    def write(value: Any) -> str:
        if not isinstance(value, tuple):
            return "null" if value is None else refuse(f"tuple of {len(plans)}", value)
        if len(value) != len(plans):
            raise BadValue(f"tuple of {len(plans)}", f"tuple of {len(value)}")
        return "[" + ",".join(_each(lambda pair: pair[0][1](pair[1]), zip(plans, value))) + "]"

    return read, write


def _map_plan(key: Plan, texted: bool, plan: Plan) -> Plan:
    read_key, write_key = key if texted else _quoted(key)
    read_one, write_one = plan

    def read(value: Any) -> Any:
        if type(value) is not dict:
            return None if value is None else refuse("object", value)
        return _members(value, lambda name, one: (read_key(name), read_one(one)))

    def write(value: Any) -> str:
        if isinstance(value, abc.Mapping):
            if None in value:
                refuse("key", None)
            members = _members(value, lambda name, one: (write_key(name), write_one(one)))
            return "{" + ",".join(name + ":" + text for name, text in members.items()) + "}"
        return "null" if value is None else refuse("dict", value)

    return read, write


def _members(members: Any, action: Callable[[Any, Any], Tuple[Any, Any]]) -> Dict[Any, Any]:
    done = {}
    name = None
    try:
        for name, value in members.items():
            new_name, new_value = action(name, value)
            done[new_name] = new_value
    except BadValue as bad:
        raise bad.within(f"[{name!r}]") from None
    if len(done) != len(members):
        refuse("different keys", "two that are the same")
    return done


def _quoted(key: Plan) -> Tuple[Reader, Writer]:
    from ._json import parse

    read, write = key

    def read_key(name: str) -> Any:
        try:
            return read(parse(name.encode()))
        except ValueError:
            return refuse("key that is a number or boolean", name)

    return read_key, lambda value: f'"{write(value)}"'
