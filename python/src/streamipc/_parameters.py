"""What a function is given by name: its parameters, and how what came becomes them."""
from __future__ import annotations

from ._records import plan_of
from ._running import RequestContext
from ._scalars import BadValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

    from ._scalars import Reader, Writer

_TAKES_MORE = 0x04
_CONTEXTS = ("RequestContext", "streamipc.RequestContext")


def _as_it_came(value: Any) -> Any:
    return value


class Parameters:
    """A function with its parameters. Annotations are looked up at its first call, so that types may follow it."""

    def __init__(self, function: Callable[..., Any], name: str) -> None:
        self.function = function
        self.name = name
        self.place = f"{getattr(function, '__module__', '?')}.{getattr(function, '__qualname__', repr(function))}"
        self._names, self._optional, self._more = _shape(function)
        self._readers: Optional[List[Optional[Reader]]] = None
        self._read_more: Optional[Reader] = None
        self._writer: Optional[Writer] = None

    def values(self, arguments: Sequence[Any], context: Any) -> List[Any]:
        """Returns what the function is to be given; raises ValueError that names the argument that does not fit."""
        readers = self._readers
        if readers is None:
            readers = self.resolve()
        values = []
        at = 0
        for reader in readers:
            if reader is None:
                values.append(context)
            elif at < len(arguments):
                values.append(_read(reader, at, arguments[at]))
                at += 1
        most = len(readers) - readers.count(None)
        least = most - self._optional
        read_more = self._read_more
        if len(arguments) < least or (at < len(arguments) and read_more is None):
            dots = ".." if read_more is not None else f"..{most}" if self._optional else ""
            raise BadValue(f"argumentCount={least}{dots}", str(len(arguments)))
        if read_more is not None:
            values += [_read(read_more, index, arguments[index]) for index in range(at, len(arguments))]
        return values

    def writer(self) -> Optional[Writer]:
        """Returns how the annotation of what it returns is written; None if there is none."""
        return self._writer

    def resolve(self) -> List[Optional[Reader]]:
        """Looks the annotations up; raises TypeError for one that JSON has no form for."""
        hints = _hints(self.function)
        readers = [_reader(self.name, one, hints) for one in self._names]
        returned = hints.get("return")
        if returned is not None and returned is not type(None) and getattr(returned, "__name__", "") != "Any":
            self._writer = None if returned is object else _plan(self.name, "return", returned)[1]
        self._read_more = None if self._more is None else _reader(self.name, self._more, hints) or _as_it_came
        self._readers = readers
        return readers


def _read(reader: Reader, at: int, value: Any) -> Any:
    try:
        return reader(value)
    except BadValue as bad:
        raise bad.within(f"arguments[{at}]") from None


def _shape(function: Callable[..., Any]) -> Tuple[Sequence[str], int, Optional[str]]:
    """Returns the names of its parameters, how many of the last have defaults, and of what takes any number more."""
    code = getattr(function, "__code__", None)
    if code is None or hasattr(function, "__wrapped__"):
        return _shape_by_signature(function)
    bound = 1 if getattr(function, "__self__", None) is not None else 0
    named = code.co_argcount + code.co_kwonlyargcount
    needed = set(code.co_varnames[code.co_argcount:named])
    _refuse_needed(function, needed - set(getattr(function, "__kwdefaults__", None) or ()))
    defaults = len(getattr(function, "__defaults__", None) or ())
    more = code.co_varnames[named] if code.co_flags & _TAKES_MORE else None
    return code.co_varnames[bound:code.co_argcount], defaults, more


def _shape_by_signature(function: Callable[..., Any]) -> Tuple[Sequence[str], int, Optional[str]]:
    # Imported late: it costs more start-up time than the whole package.
    from inspect import Parameter, signature

    try:
        parameters = signature(function).parameters.values()
    except ValueError:
        # One in C that does not say what it takes.
        return [], 0, ""
    given = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    unset = Parameter.empty
    _refuse_needed(function, {one.name for one in parameters if one.kind is one.KEYWORD_ONLY and one.default is unset})
    taken = [one for one in parameters if one.kind in given]
    more = next((one.name for one in parameters if one.kind is Parameter.VAR_POSITIONAL), None)
    return [one.name for one in taken], sum(one.default is not unset for one in taken), more


def _refuse_needed(function: Callable[..., Any], needed: Any) -> None:
    if needed:
        raise TypeError(
            f"function needs arguments by keyword: function={getattr(function, '__qualname__', function)},"
            f" names={', '.join(sorted(needed))}; give them defaults"
        )


def _hints(function: Callable[..., Any]) -> Dict[str, Any]:
    plain = getattr(function, "__annotations__", None) or {}
    if all(hint is None or isinstance(hint, type) and not hasattr(hint, "__args__") for hint in plain.values()):
        return dict(plain)
    if all(hint in _CONTEXTS for hint in plain.values()):
        return {name: RequestContext for name in plain}
    from ._annotations import hints_of_function

    return hints_of_function(function, getattr(function, "__qualname__", repr(function)))


def _reader(function: str, name: str, hints: Dict[str, Any]) -> Optional[Reader]:
    hint = hints.get(name, object)
    if hint is RequestContext or RequestContext in getattr(hint, "__args__", ()):
        return None
    return _as_it_came if hint is object else _plan(function, name, hint)[0]


def _plan(function: str, name: str, hint: Any) -> Tuple[Reader, Writer]:
    try:
        return plan_of(hint)
    except TypeError as error:
        raise TypeError(f"no JSON form: function={function}, parameter={name}, annotation={error}") from None
